package refused;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;
import java.util.UUID;

/** An id that is made before the snapshot is the same in every environment: the build must refuse this. */
public final class LambdaUsingUUID implements RequestHandler<Map<String, String>, String> {
  private final UUID sandboxId;

  public LambdaUsingUUID() {
    sandboxId = UUID.randomUUID();
  }

  @Override
  public String handleRequest(Map<String, String> event, Context context) {
    return sandboxId + ".log9.txt";
  }
}

package records;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.crac.Core;
import org.crac.Resource;

/**
 * Records by REST, behind an HTTP API (payload format 2.0). Who makes a record gets a receipt, with which it is
 * changed and deleted.
 *
 * <p>The hooks follow https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks-java.html.
 */
public final class RecordsHandler implements RequestHandler<Map<String, Object>, Map<String, Object>>, Resource {
  private static final int LONGEST_TEXT = 1000;

  private final Table table;
  private final Receipts receipts;

  /** Of this execution environment; there is none before it is restored, so that no two share it. */
  private volatile String environment;

  public RecordsHandler() {
    this(new DynamoDbTable(System.getenv("TABLE_NAME")), new Receipts(new ParameterKey(System.getenv("KEY_PARAMETER"))));
  }

  RecordsHandler(Table table, Receipts receipts) {
    this.table = table;
    this.receipts = receipts;
    // The context keeps weak references only; Lambda keeps this handler.
    Core.getGlobalContext().register(this);
  }

  /** Priming: what a first request needs is loaded and compiled, and goes into the snapshot; what grows stale does not. */
  @Override
  public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
    try {
      if (!"false".equals(System.getenv("PRIMING"))) {
        answer("GET /records/{id}", Map.of("pathParameters", Map.of("id", "priming")));
        answer("PUT /records/{id}", Map.of("pathParameters", Map.of("id", "priming"), "body", "{\"text\":\"none\"}"));
      }
    } catch (RuntimeException failure) {
      // The version fails, and its reason names the hook alone.
      System.out.println("Priming failed: " + failure);
      throw failure;
    }
    receipts.forget();
    table.close();
  }

  /** Without SnapStart nobody calls this, and the first request does it. */
  @Override
  public void afterRestore(org.crac.Context<? extends Resource> context) {
    environment = UUID.randomUUID().toString();
    table.open();
    receipts.renew();
  }

  @Override
  public Map<String, Object> handleRequest(Map<String, Object> event, Context context) {
    var answer = answer(String.valueOf(event.get("routeKey")), event);
    var headers = Map.of(
        "content-type", "application/json",
        "x-environment", environment(),
        "x-version", context.getFunctionVersion());
    return Map.of("statusCode", answer.status, "headers", headers, "body", answer.body);
  }

  private synchronized String environment() {
    if (environment == null) {
      environment = UUID.randomUUID().toString();
    }
    return environment;
  }

  private Answer answer(String route, Map<String, Object> event) {
    try {
      return switch (route) {
        case "POST /records" -> create(textOf(event));
        case "GET /records/{id}" -> read(idOf(event));
        case "PUT /records/{id}" -> update(idOf(event), receiptOf(event), textOf(event));
        case "DELETE /records/{id}" -> delete(idOf(event), receiptOf(event));
        default -> new Answer(404, json("error", "There is no " + route));
      };
    } catch (RefusedException refused) {
      return new Answer(refused.status, json("error", refused.getMessage()));
    }
  }

  private Answer create(String text) {
    var id = UUID.randomUUID().toString();
    table.put(id, text);
    return new Answer(201, json("id", id, "text", text, "receipt", receipts.of(id)));
  }

  private Answer read(String id) {
    var text = table.get(id);
    return text == null ? missing(id) : new Answer(200, json("id", id, "text", text));
  }

  private Answer update(String id, String receipt, String text) {
    receipts.check(id, receipt);
    return table.change(id, text) ? new Answer(200, json("id", id, "text", text)) : missing(id);
  }

  private Answer delete(String id, String receipt) {
    receipts.check(id, receipt);
    table.delete(id);
    return new Answer(204, "");
  }

  private static Answer missing(String id) {
    return new Answer(404, json("error", "There is no record " + id));
  }

  private static String idOf(Map<String, Object> event) {
    return event.get("pathParameters") instanceof Map<?, ?> path && path.get("id") instanceof String id ? id : "";
  }

  private static String receiptOf(Map<String, Object> event) {
    var headers = event.get("headers");
    return headers instanceof Map<?, ?> map && map.get("x-receipt") instanceof String receipt ? receipt : "";
  }

  private static String textOf(Map<String, Object> event) {
    try {
      var body = event.get("body") instanceof String text ? JSON.std.mapFrom(text) : Map.<String, Object>of();
      if (body.get("text") instanceof String text && !text.isEmpty() && text.length() <= LONGEST_TEXT) {
        return text;
      }
    } catch (IOException noJson) {
      // Refused below: what is wrong with it is the sender's business.
    }
    throw new RefusedException(400, "The body is no {\"text\": \"…\"} with 1 to " + LONGEST_TEXT + " characters");
  }

  private static String json(String... pairs) {
    var members = new java.util.LinkedHashMap<String, String>();
    for (int i = 0; i < pairs.length; i += 2) {
      members.put(pairs[i], pairs[i + 1]);
    }
    try {
      return JSON.std.asString(members);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private record Answer(int status, String body) {}
}

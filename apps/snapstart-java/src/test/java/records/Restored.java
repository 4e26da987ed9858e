package records;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A snapshot cannot be taken here. What stands for one: the state of the handler after the hooks before the checkpoint,
 * written to a file, which processes of their own then put into a handler and restore.
 */
final class Restored {
  private Restored() {}

  /** Prepares a handler and writes its state; beside it an id that is made too early, as the scanner refuses it. */
  static Path prepare() throws Exception {
    var harness = new Harness();
    harness.checkpoint();
    var state = new HashMap<String, String>();
    state.put("environment", environmentOf(harness.handler));
    state.put("madeBefore", UUID.randomUUID().toString());
    return Files.writeString(Files.createTempFile("prepared", ".json"), JSON.std.asString(state));
  }

  /** What a process says that restores this state. */
  static Map<String, Object> inAProcessOfItsOwn(Path state) throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classes = System.getProperty("java.class.path");
    var process = new ProcessBuilder(java, "-cp", classes, Restored.class.getName(), state.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    var said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException("exit code " + process.exitValue());
    }
    return JSON.std.mapFrom(said);
  }

  public static void main(String[] arguments) throws Exception {
    var state = JSON.std.mapFrom(Files.readString(Path.of(arguments[0])));
    var harness = new Harness();
    field().set(harness.handler, state.get("environment"));
    harness.restore();
    var said = new HashMap<String, Object>(state);
    said.put("environment", environmentOf(harness.handler));
    said.put("id", harness.created().get("id"));
    System.out.print(JSON.std.asString(said));
  }

  private static String environmentOf(RecordsHandler handler) throws ReflectiveOperationException {
    return (String) field().get(handler);
  }

  private static java.lang.reflect.Field field() throws NoSuchFieldException {
    var field = RecordsHandler.class.getDeclaredField("environment");
    field.setAccessible(true);
    return field;
  }
}

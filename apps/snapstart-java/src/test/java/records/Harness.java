package records;

import com.amazonaws.services.lambda.runtime.Context;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The handler with a table in memory, and the hooks called as Lambda calls them: by its own context of CRaC. */
final class Harness {
  static {
    // What Lambda's runtime client does.
    System.setProperty("org.crac.Core.Compat", "com.amazonaws.services.lambda.crac");
    com.amazonaws.services.lambda.runtime.api.client.runtimeapi.JniHelper.load();
  }

  final List<String> log = new ArrayList<>();
  private int keys;
  final RecordsHandler handler = new RecordsHandler(new LoggedTable(), new Receipts(this::nextKey));
  private final Context context = (Context) Proxy.newProxyInstance(
      Context.class.getClassLoader(), new Class<?>[] {Context.class}, (self, method, arguments) -> "1");

  private String nextKey() {
    log.add("read key " + ++keys);
    return "key " + keys;
  }

  void checkpoint() throws Exception {
    com.amazonaws.services.lambda.crac.Core.getGlobalContext().beforeCheckpoint(null);
  }

  void restore() throws Exception {
    com.amazonaws.services.lambda.crac.Core.getGlobalContext().afterRestore(null);
  }

  Map<String, Object> request(String route, Map<String, Object> event) {
    var whole = new HashMap<>(event);
    whole.put("routeKey", route);
    return handler.handleRequest(whole, context);
  }

  /** What comes of a record that is made. */
  Map<String, Object> created() throws IOException {
    return JSON.std.mapFrom(request("POST /records", Map.of("body", "{\"text\":\"a\"}")).get("body"));
  }

  private final class LoggedTable implements Table {
    private final Map<String, String> records = new HashMap<>();

    @Override
    public void put(String id, String text) {
      records.put(id, text);
    }

    @Override
    public String get(String id) {
      log.add("get " + id);
      return records.get(id);
    }

    @Override
    public boolean change(String id, String text) {
      return records.replace(id, text) != null;
    }

    @Override
    public void delete(String id) {
      records.remove(id);
    }

    @Override
    public void open() {
      log.add("open");
    }

    @Override
    public void close() {
      log.add("close");
    }
  }
}

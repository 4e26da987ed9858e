package records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordsHandlerTest {
  private final Harness harness = new Harness();

  private String answer(String route, Map<String, Object> event) {
    var answer = harness.request(route, event);
    return answer.get("statusCode") + " " + answer.get("body");
  }

  @Test
  void makesReadsChangesAndDeletesARecord() throws Exception {
    var created = harness.created();
    var id = created.get("id");
    var path = Map.of("id", id);
    var headers = Map.of("x-receipt", created.get("receipt"));
    var changed = Map.of("pathParameters", path, "headers", headers, "body", "{\"text\":\"b\"}");
    assertEquals("200 {\"id\":\"" + id + "\",\"text\":\"b\"}", answer("PUT /records/{id}", changed));
    assertEquals("200 {\"id\":\"" + id + "\",\"text\":\"b\"}", answer("GET /records/{id}", Map.of("pathParameters", path)));
    assertEquals("204 ", answer("DELETE /records/{id}", Map.of("pathParameters", path, "headers", headers)));
    assertEquals("404 {\"error\":\"There is no record " + id + "\"}", answer("PUT /records/{id}", changed));
  }

  @Test
  void refusesWhatIsWrong() {
    assertTrue(answer("POST /records", Map.of("body", "{")).startsWith("400 {\"error\":\"The body is no"));
    assertTrue(answer("POST /records", Map.of("body", "{\"text\":\"" + "x".repeat(1001) + "\"}")).startsWith("400 "));
    var forged = Map.<String, Object>of("pathParameters", Map.of("id", "a"), "headers", Map.of("x-receipt", "b"));
    assertTrue(answer("DELETE /records/{id}", forged).startsWith("403 "));
    assertTrue(answer("PATCH /records", Map.of()).startsWith("404 "));
  }
}

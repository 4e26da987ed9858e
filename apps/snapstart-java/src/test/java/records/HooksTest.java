package records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class HooksTest {
  @Test
  void primesThenForgetsAndRenewsAfterTheRestore() throws Exception {
    var harness = new Harness();
    harness.checkpoint();
    assertEquals(List.of("get priming", "read key 1", "close"), harness.log);
    harness.restore();
    assertEquals(List.of("open", "read key 2"), harness.log.subList(3, harness.log.size()));
  }

  @Test
  void makesReceiptsWithTheKeyOfAfterTheRestore() throws Exception {
    var harness = new Harness();
    harness.checkpoint();
    harness.restore();
    var created = harness.created();
    assertEquals(new Receipts(() -> "key 2").of((String) created.get("id")), created.get("receipt"));
  }

  @Test
  void givesTwoProcessesOfOnePreparedStateDifferentIds() throws Exception {
    var state = Restored.prepare();
    var one = Restored.inAProcessOfItsOwn(state);
    var other = Restored.inAProcessOfItsOwn(state);
    assertNotEquals(one.get("environment"), other.get("environment"));
    assertNotEquals(one.get("id"), other.get("id"));
    // What the scanner refuses: made before the checkpoint, it is the same in both.
    assertEquals(one.get("madeBefore"), other.get("madeBefore"));
  }
}

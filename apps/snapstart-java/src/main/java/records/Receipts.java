package records;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Receipts of records: their ids, signed. The key is read again after five minutes, and is in no snapshot. */
final class Receipts {
  private static final long FRESH_NANOS = Duration.ofMinutes(5).toNanos();

  private final Supplier<String> source;
  private byte[] key;
  private long readAt;

  Receipts(Supplier<String> source) {
    this.source = source;
  }

  synchronized void forget() {
    key = null;
  }

  synchronized void renew() {
    key = source.get().getBytes(StandardCharsets.UTF_8);
    readAt = System.nanoTime();
  }

  private synchronized byte[] key() {
    if (key == null || System.nanoTime() - readAt > FRESH_NANOS) {
      renew();
    }
    return key.clone();
  }

  String of(String id) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key(), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(id.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  void check(String id, String receipt) {
    var right = of(id).getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(right, receipt.getBytes(StandardCharsets.UTF_8))) {
      throw new RefusedException(403, "The header x-receipt is not the receipt of " + id);
    }
  }
}

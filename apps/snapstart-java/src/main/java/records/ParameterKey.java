package records;

import java.util.function.Supplier;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/** A key that is kept as a SecureString in Parameter Store. A client for each reading: there is one in five minutes. */
final class ParameterKey implements Supplier<String> {
  private final String parameter;

  ParameterKey(String parameter) {
    this.parameter = parameter;
  }

  @Override
  public String get() {
    try (var ssm = SsmClient.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).build()) {
      return ssm.getParameter(get -> get.name(parameter).withDecryption(true)).parameter().value();
    }
  }
}

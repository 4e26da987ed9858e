package records;

import java.util.Map;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** A table of DynamoDB with the key `id`. Its client, with connections and credentials, is not kept in a snapshot. */
final class DynamoDbTable implements Table {
  private final String name;
  private DynamoDbClient client;

  DynamoDbTable(String name) {
    this.name = name;
  }

  @Override
  public synchronized void open() {
    if (client == null) {
      client = DynamoDbClient.builder().httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
      client = null;
    }
  }

  private synchronized DynamoDbClient client() {
    open();
    return client;
  }

  @Override
  public void put(String id, String text) {
    var item = Map.of("id", AttributeValue.fromS(id), "text", AttributeValue.fromS(text));
    client().putItem(put -> put.tableName(name).item(item).conditionExpression("attribute_not_exists(id)"));
  }

  @Override
  public String get(String id) {
    if (id.isEmpty()) {
      return null;
    }
    var found = client().getItem(get -> get.tableName(name).key(keyOf(id)).consistentRead(true));
    return found.hasItem() ? found.item().get("text").s() : null;
  }

  @Override
  public boolean change(String id, String text) {
    try {
      client().updateItem(update -> update
          .tableName(name)
          .key(keyOf(id))
          .updateExpression("SET #text = :text")
          .conditionExpression("attribute_exists(id)")
          .expressionAttributeNames(Map.of("#text", "text"))
          .expressionAttributeValues(Map.of(":text", AttributeValue.fromS(text))));
      return true;
    } catch (ConditionalCheckFailedException missing) {
      return false;
    }
  }

  @Override
  public void delete(String id) {
    client().deleteItem(delete -> delete.tableName(name).key(keyOf(id)));
  }

  private static Map<String, AttributeValue> keyOf(String id) {
    return Map.of("id", AttributeValue.fromS(id));
  }
}

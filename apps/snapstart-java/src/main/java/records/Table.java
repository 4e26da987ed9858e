package records;

/** Where records are kept. A closed one opens by itself when it is used. */
interface Table extends AutoCloseable {
  void put(String id, String text);

  /** @return null when there is no such record */
  String get(String id);

  /** @return whether there is such a record */
  boolean change(String id, String text);

  void delete(String id);

  void open();

  @Override
  void close();
}

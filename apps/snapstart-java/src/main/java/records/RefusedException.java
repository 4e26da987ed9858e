package records;

/** What a request is refused for, and with which status. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  final int status;

  RefusedException(int status, String message) {
    super(message);
    this.status = status;
  }
}

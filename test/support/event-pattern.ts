/**
 * Whether an EventBridge pattern lets an event through: lists of literals, `prefix`, `anything-but` and `exists`, nested
 * as the event is. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function matches(pattern: unknown, event: unknown): boolean {
  if (!isRecord(pattern)) throw new Error(`an event pattern is a map: ${JSON.stringify(pattern)}`);
  return Object.entries(pattern).every(([key, allowed]) => {
    const value = isRecord(event) && Object.hasOwn(event, key) ? event[key] : undefined;
    if (!Array.isArray(allowed)) return value !== undefined && matches(allowed, value);
    // Of a list in the event, one item has to match.
    const values = Array.isArray(value) ? (value as unknown[]) : [value];
    return values.some((item) => allowed.some((condition: unknown) => meets(condition, item)));
  });
}

function meets(condition: unknown, value: unknown): boolean {
  if (!isRecord(condition)) return value !== undefined && condition === value;
  const [[operator, operand] = ["", undefined], ...more] = Object.entries(condition);
  if (more.length > 0) throw new Error(`a condition has one operator: ${JSON.stringify(condition)}`);
  switch (operator) {
    case "prefix":
      return typeof value === "string" && value.startsWith(String(operand));
    case "anything-but":
      return value !== undefined && ![operand].flat().includes(value);
    case "exists":
      return (value !== undefined) === operand;
    default:
      throw new Error(`operator "${operator}" is not known here; add it to test/support/event-pattern.ts`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Apart from what checks with it: it is loaded with the first state machine, and published with the packages it needs. */
import Ajv from "ajv";
import validate from "asl-validator";

/**
 * The validator makes an Ajv for each definition, and so compiles the same schemas each time: 0.2 to 0.5 s, against 5 ms
 * of the check itself. Those of the first definition serve for all.
 */
const compiled = new Map<unknown, Ajv>();

// Not bound: it is called for the Ajv that has compiled the schema.
const { validate: check } = Ajv.prototype;

Ajv.prototype.validate = function (this: Ajv, schema: string, data: unknown) {
  const first = compiled.get(schema) ?? this;
  compiled.set(schema, first);
  const isValid = check.call(first, schema, data);
  this.errors = first.errors ?? null;
  return isValid;
} as typeof check;

export { validate };

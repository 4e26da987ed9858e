/** Takes every type of the stand-in provider through the life of a resource, against the emulator. */
import * as assert from "node:assert/strict";
import { bootstrapOrganization } from "../../local/organization";
import { isObject, isSameDocument, UNKNOWN, type Value, type Values } from "../../local/provider/property-values";
import { ENTRIES } from "../../local/provider/engine/resource";
import { RESOURCES } from "../../local/provider/registry";
import { RECORDED } from "./oracle";
import { SAMPLES } from "./samples";
import { Others } from "./samples/others";
import type { Sample } from "./samples/sample";
import {
  assertNoDrift,
  makeZone,
  Managed,
  runDeletion,
  runTags,
  startEmulator,
  testAccount,
  withUnknown,
} from "./support";

const account = testAccount({ project: "patterns" });
/** Types and properties of which a change was seen. */
const changed = new Set<string>();
/** It leaves nothing that could be read: irregular.local.test.ts. */
const types = [...RESOURCES.values()].filter(({ token }) => token !== "aws:lambda/invocation:Invocation");

/** A sample whose other resources are there. */
interface Program {
  readonly inputs: Values;
  readonly steps: readonly Values[];
  readonly importId: string | undefined;
  readonly sample: Sample;
}

async function programOf(sample: Sample, others: Others): Promise<Program> {
  const { beside, changes = [], importId } = sample;
  if (beside !== undefined) await others.resolve(beside);
  const steps = Array.isArray(changes)
    ? (changes as readonly Values[])
    : Object.entries(changes as Values).map(([name, value]) => ({ [name]: value }));
  return {
    inputs: await others.resolveAll(sample.inputs),
    steps: (await others.resolve([...steps])) as Values[],
    importId: importId === undefined ? undefined : String(await others.resolve(importId)),
    sample,
  };
}

/** Whether an id has a recorded form: `{name}` stands for an output, `*` for anything. */
function hasForm(id: string, form: string, outputs: Values): boolean {
  const text = form.replace(/\{(\w+)\}/g, (_, name: string) => String(outputs[name]));
  const [start = "", end] = text.split("*");
  return end === undefined ? id === text : id.startsWith(start) && id.endsWith(end);
}

async function create(token: string, { inputs, sample: { secret, variant } }: Program): Promise<Managed> {
  const made = await new Managed(token, account).create(inputs);
  const missing = (made.type.computed ?? []).filter((name) => made.outputs[name] === undefined);
  assert.deepEqual(missing, [], "outputs are missing");
  const form = variant === undefined ? (RECORDED.get(token)?.id ?? "*") : "*";
  assert.ok(hasForm(made.id, form, made.outputs), `the id ${made.id}, which is ${form} in the real plugin`);
  if (secret !== undefined) {
    const { [secret]: hidden, ...others } = made.outputs;
    assert.ok(!JSON.stringify(others).includes(String(hidden)), `${secret} is in the state by another name, too`);
  }
  await assertNoDrift(made, inputs);
  return made;
}

/** One update after the other, and back to the beginning. */
async function change(made: Managed, { inputs, steps }: Program): Promise<void> {
  let program = inputs;
  for (const step of steps) {
    program = { ...program, ...step };
    const found = made.diff(program);
    assert.ok(found.length > 0, `${JSON.stringify(step)} changes nothing`);
    for (const { path, effect } of found) {
      assert.ok(
        Object.keys(step).some((name) => path.startsWith(name)),
        path,
      );
      assert.equal(effect, "update", path);
    }
    await made.update(program);
    await assertNoDrift(made, program);
    for (const name of Object.keys(step)) changed.add(`${made.type.token} ${name}`);
  }
  if (steps.length === 0) return;
  await made.update(inputs);
  await assertNoDrift(made, inputs);
}

/** Names that a program may give and nobody compares: notes of ours, and what `tags` says already. */
const isGiven = (name: string): boolean => !name.startsWith("__") && name !== "tagsAll";

/** Whether an import has all that the program gives; AWS may add to it. */
function holds(found: Value | undefined, given: Value | undefined): boolean {
  if (Array.isArray(given)) {
    return Array.isArray(found) && given.every((one) => found.some((other) => holds(other, one)));
  }
  if (isObject(given) && isObject(found)) return Object.keys(given).every((key) => holds(found[key], given[key]));
  const isAbsent = [undefined, null, "", 0, false].includes(given as null) && (found ?? null) === null;
  return isAbsent || isSameDocument(found, given) || (!isObject(given) && String(found) === String(given));
}

async function importAgain({ type: { token }, id, inputs: given }: Managed, program: Program): Promise<void> {
  const { sample } = program;
  const importId = program.importId?.replace("{id}", id) ?? id;
  const imported = new Managed(token, account);
  assert.ok(await imported.import(importId), `${importId} cannot be imported`);
  for (const name of Object.keys(program.inputs).filter(isGiven)) {
    if (sample.notRead?.includes(name) === true) continue;
    const found = imported.inputs[name];
    const values = `${JSON.stringify(found)} for ${JSON.stringify(given[name])}`;
    assert.ok(holds(found, given[name]), `the import of ${name}: ${values}`);
  }
}

/** Somebody else changes the resource: the next refresh shows it. */
async function changeOutside(made: Managed, { inputs, steps, sample: { notRead = [] } }: Program): Promise<void> {
  const namesOf = (step: Values): string[] =>
    Object.keys(step).filter((name) => inputs[name] !== undefined && !notRead.includes(name));
  const step = steps.find((one) => namesOf(one).length > 0);
  if (step === undefined) return;
  const other = new Managed(made.type.token, account);
  Object.assign(other, { id: made.id, inputs: made.inputs, outputs: made.outputs });
  await other.update({ ...inputs, ...step });
  assert.ok(await made.refresh());
  const paths = made.diff(inputs).map(({ path }) => path);
  for (const name of namesOf(step))
    assert.ok(
      paths.some((path) => path.startsWith(name)),
      `no drift of ${name} is seen`,
    );
  await made.update(inputs);
  await assertNoDrift(made, inputs);
}

async function live(token: string, sample: Sample, zoneId: string): Promise<void> {
  const others = new Others(account, zoneId);
  const program = await programOf(sample, others);
  for (const inputs of withUnknown(program.inputs)) {
    if (inputs !== UNKNOWN) new Managed(token, account).check(inputs as Values);
  }
  const made = await create(token, program);
  await importAgain(made, program);
  await change(made, program);
  await changeOutside(made, program);
  if (made.type.taggable === true) await runTags(made, program.inputs);
  if (sample.remains === true) await made.delete();
  else await runDeletion(made);
  // What a failed sample leaves goes with the emulator.
  await others.delete();
}

describe("every type of the stand-in provider", () => {
  let emulator: undefined | { stop(): Promise<void> };
  let zoneId = "";
  before(async () => {
    emulator = await startEmulator();
    await bootstrapOrganization({ endpoint: process.env.AWS_ENDPOINT_URL ?? "" }, "111122223333", ["444455556666"]);
    zoneId = await makeZone(account);
  });
  after(() => emulator?.stop());

  it("has a sample", () => {
    const tokens = types.map(({ token }) => token);
    assert.deepEqual(Object.keys(SAMPLES).sort(), tokens.sort());
  });

  for (const [token, samples] of Object.entries(SAMPLES)) {
    for (const sample of [samples].flat() as Sample[]) {
      const name = sample.variant === undefined ? token : `${token} (${sample.variant})`;
      it(`${name}: is created, read, changed, imported, refreshed and deleted`, () => live(token, sample, zoneId));
    }
  }

  it("was changed in each property that can be", () => {
    const missing = types.flatMap(({ token, properties }) => {
      // What an entry keeps to itself is no change that AWS sees.
      const entry = ENTRIES.get(token);
      const updatable = Object.keys(properties).filter((name) => properties[name] === "update");
      const names = entry === undefined ? updatable : (entry.update ?? []);
      return names.filter((name) => !changed.has(`${token} ${name}`)).map((name) => `${token}: ${name}`);
    });
    assert.deepEqual(missing, []);
  });
});

/** Takes every entry of the stand-in provider through the life of a resource, against the emulator. */
import * as assert from "node:assert/strict";
import { bootstrapOrganization } from "../../local/organization";
import { isObject, isSameDocument, UNKNOWN, type Value, type Values } from "../../local/provider/property-values";
import { ENTRIES } from "../../local/provider/engine/resource";
import { SAMPLES } from "./samples";
import type { Make, Program, Sample } from "./samples/sample";
import {
  assertNoDrift,
  failuresOf,
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

async function makeOthers(others: Managed[], token: string, inputs: Values): Promise<Managed> {
  const made = await new Managed(token, account, `other-${others.length}`).create(inputs);
  others.unshift(made);
  return made;
}

async function withProgram(sample: Sample, work: (program: Program) => Promise<void>): Promise<void> {
  const others: Managed[] = [];
  const make: Make = (token, inputs) => makeOthers(others, token, inputs);
  await work(await sample.program(make));
  // What a failed sample leaves goes with the emulator.
  for (const other of others) await other.delete();
}

async function create(sample: Sample, { inputs, secret }: Program): Promise<Managed> {
  const made = await new Managed(sample.token, account).create(inputs);
  for (const name of made.type.computed ?? []) {
    assert.notEqual(made.outputs[name], undefined, `the output ${name} is missing`);
  }
  if (secret !== undefined) {
    const { [secret]: hidden, ...others } = made.outputs;
    assert.ok(!JSON.stringify(others).includes(String(hidden)), `${secret} is in the state by another name, too`);
  }
  await assertNoDrift(made, inputs);
  return made;
}

/** One update after the other, and back to the beginning. */
async function change(made: Managed, { inputs, changes = [] }: Program): Promise<void> {
  let program = inputs;
  for (const step of changes) {
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
  if (changes.length === 0) return;
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

async function importAgain(sample: Sample, made: Managed, program: Program): Promise<void> {
  const { inputs, notRead = [], importId: given = made.id } = program;
  const importId = typeof given === "string" ? given : given(made.id);
  const imported = new Managed(sample.token, account);
  assert.ok(await imported.import(importId), `${importId} cannot be imported`);
  for (const name of Object.keys(inputs).filter(isGiven)) {
    if (notRead.includes(name)) continue;
    const [given, found] = [made.inputs[name], imported.inputs[name]];
    assert.ok(holds(found, given), `the import of ${name}: ${JSON.stringify(found)} for ${JSON.stringify(given)}`);
  }
}

/** Somebody else changes the resource: the next refresh shows it. */
async function changeOutside(made: Managed, { inputs, changes = [], notRead = [] }: Program): Promise<void> {
  for (const step of changes) {
    const names = Object.keys(step).filter((name) => inputs[name] !== undefined && !notRead.includes(name));
    if (names.length === 0) continue;
    const other = new Managed(made.type.token, account);
    Object.assign(other, { id: made.id, inputs: made.inputs, outputs: made.outputs });
    await other.update({ ...inputs, ...step });
    assert.ok(await made.refresh());
    for (const name of names) {
      assert.ok(
        made.diff(inputs).some(({ path }) => path.startsWith(name)),
        `no drift of ${name} is seen`,
      );
    }
    await made.update(inputs);
    await assertNoDrift(made, inputs);
    return;
  }
}

describe("every type of the stand-in provider", () => {
  let emulator: undefined | { stop(): Promise<void> };
  before(async () => {
    emulator = await startEmulator();
    await bootstrapOrganization({ endpoint: process.env.AWS_ENDPOINT_URL ?? "" }, "111122223333", ["444455556666"]);
  });
  after(() => emulator?.stop());

  it("has a sample, with a change of each property that can be updated", async () => {
    const gaps: string[] = [];
    for (const token of ENTRIES.keys()) {
      const samples = SAMPLES.filter((sample) => sample.token === token);
      if (samples.length === 0) gaps.push(`${token}: no sample`);
    }
    assert.deepEqual(gaps, []);
  });

  for (const sample of SAMPLES) {
    const name = sample.variant === undefined ? sample.token : `${sample.token} (${sample.variant})`;
    it(`${name}: is created, read, changed, imported, refreshed and deleted`, () =>
      withProgram(sample, async (program) => {
        for (const inputs of withUnknown(program.inputs)) {
          if (inputs !== UNKNOWN) assert.deepEqual(failuresOf(sample.token, inputs as Values), []);
        }
        const made = await create(sample, program);
        await importAgain(sample, made, program);
        await change(made, program);
        await changeOutside(made, program);
        if (made.type.taggable === true) await runTags(made, program.inputs);
        if (program.remains === true) await made.delete();
        else await runDeletion(made);
      }));
  }

  it("was changed in each property that can be", () => {
    const missing = [...ENTRIES.values()].flatMap(({ token, update = [] }) =>
      update.filter((name) => !changed.has(`${token} ${name}`)).map((name) => `${token}: ${name}`),
    );
    assert.deepEqual(missing, []);
  });
});

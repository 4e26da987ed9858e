/** Makes a resource type of an entry: creation, reading, updates and deletion by the SDK's schemas. */
import { isEqual, type Value, type Values } from "../property-values";
import type { Operation, ResourceState, ResourceType } from "../resource-type";
import { checkEntry } from "./checks";
import { get, isAbsent, isEmpty } from "./convert";
import type { Call, Entry } from "./entry";
import { Answers, holderOf } from "./holder";
import { callOf, identityOf, idOf, propertiesOf, readsOf, requestOf, takenBy } from "./requests";
import { isOneOf, type Structure, whileRefused } from "./service";
import { until } from "../wait";
import { readTags, takesTags, updateTags, withTags } from "./tags";

class Table {
  private readonly reads: readonly Call[];
  private readonly updates: readonly Call[];

  constructor(private readonly entry: Entry) {
    this.reads = readsOf(entry);
    this.updates = (entry.updates ?? []).map(callOf);
  }

  /** A request about the resource: the parts of its id, and `values`. */
  private about(call: Call, id: string, state: Values, values: Values = {}): Structure {
    return requestOf(this.entry, call, { ...identityOf(this.entry, id, state), ...values }, { keepEmpty: true });
  }

  private async send(operation: Operation, call: Call, request: Structure, values: Values): Promise<Structure> {
    await this.entry.request?.(request, values, operation, call.call);
    return this.entry.service.send(operation.account, call.call, request);
  }

  /** What the read calls answer; undefined when the resource is not there. */
  private async answers(operation: Operation, id: string, state: Values): Promise<Answers | undefined> {
    const identity = identityOf(this.entry, id, state);
    const answers = new Answers(this.entry);
    for (const [i, call] of this.reads.entries()) {
      const known = { ...identity, ...answers.values(state) };
      if (call.when?.({ ...state, ...known }) === false) continue;
      const request = this.about(call, id, known, pick(known, this.entry.internal ?? []));
      await this.entry.request?.(request, { ...state, ...identity }, operation, call.call);
      const found = await this.find(operation, call, request, identity);
      if (found === undefined && i === 0) return undefined;
      if (found !== undefined) answers.add(call, found);
    }
    const { leaving } = this.entry;
    const isLeaving = leaving?.is.test(String(get(answers.first, leaving.status.split("."))));
    return isLeaving === true ? undefined : answers;
  }

  private async find(
    operation: Operation,
    call: Call,
    request: Structure,
    identity: Values,
  ): Promise<Structure | undefined> {
    for await (const page of this.entry.service.pages(operation.account, call.call, request, call.missing)) {
      const found = holderOf(this.entry, call, page, identity);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async read(operation: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
    const answers = await this.answers(operation, id, state);
    if (answers === undefined) return undefined;
    const outputs = { ...identityOf(this.entry, id, state), ...answers.values(state) };
    const own = (await this.entry.outputs?.(answers.byName, { ...state, ...outputs }, operation)) ?? {};
    const all: Values = { ...outputs, ...own };
    if (this.entry.part !== undefined && isAbsent(all[this.entry.part])) return undefined;
    const tags = await readTags(this.entry, operation, id, all, answers);
    return { id, outputs: { ...all, ...tags } };
  }

  /** Waits until AWS is done with the resource, if that takes time. */
  private async ready(operation: Operation, id: string, state: Values): Promise<void> {
    const { ready, token } = this.entry;
    if (ready === undefined) return;
    await until(`${token} ${id} to be ready`, async () => {
      const answers = await this.answers(operation, id, state);
      const states = ready.map(({ status, is, failed = [] }) => {
        const found = String(get(answers?.first, status.split(".")));
        if (failed.includes(found)) throw new Error(`${id}: ${status} is ${found}`);
        return is.includes(found);
      });
      return states.every((isDone) => isDone) || undefined;
    });
  }

  /** The state right after a change. AWS may take some time until a new thing can be read everywhere. */
  private settled(operation: Operation, id: string, state: Values): Promise<ResourceState> {
    return until(`${id} to be readable`, () => this.read(operation, id, state), 120);
  }

  async create(operation: Operation, inputs: Values): Promise<ResourceState> {
    const call = callOf(this.entry.create);
    const taken = takenBy(this.entry, call, propertiesOf(this.entry));
    const request = withTags(this.entry, operation, call, requestOf(this.entry, call, pick(inputs, taken)));
    const answer = await whileRefused(this.entry.retry ?? [], 30, () => this.send(operation, call, request, inputs));
    const made = new Answers(this.entry);
    made.add(call, holderOf(this.entry, call, answer, {}) ?? answer);
    const values = made.values(inputs);
    const id = idOf(this.entry, { ...values, accountId: await operation.account.id(), ...inputs });
    operation.created(id, values);
    await this.ready(operation, id, inputs);
    if (!takesTags(this.entry, call)) await updateTags(this.entry, operation, id, values);
    await this.complete(operation, id, inputs, taken);
    return this.settled(operation, id, inputs);
  }

  /** What AWS has is not what the program gives, or the program gives it no longer. */
  private isChanged({ before }: Operation, name: string, olds: Values, news: Values): boolean {
    if (!isAbsent(news[name])) return differs(olds[name], news[name]);
    return differs(before[name], this.entry.none?.[name]);
  }

  private changedBy(call: Call): string[] {
    return takenBy(this.entry, call, this.entry.update ?? []);
  }

  /** Sets what the creating call does not take. */
  private async complete(operation: Operation, id: string, inputs: Values, taken: readonly string[]): Promise<void> {
    const left = this.updates.flatMap((call) => this.changedBy(call)).filter((name) => !taken.includes(name));
    if (!left.some((name) => !isAbsent(inputs[name]))) return;
    const present = (await this.settled(operation, id, inputs)).outputs;
    const wanted = Object.fromEntries(left.map((name) => [name, inputs[name] ?? present[name] ?? null]));
    await this.change(operation, id, { ...inputs, ...pick(present, left) }, { ...inputs, ...wanted });
  }

  /** Sends the updating calls of which a property differs. */
  private async change(operation: Operation, id: string, olds: Values, news: Values): Promise<void> {
    for (const call of this.updates) {
      if (call.when?.(news) === false) continue;
      const changed = this.changedBy(call).filter((name) => this.isChanged(operation, name, olds, news));
      if (changed.length === 0) continue;
      for (const one of call.each === true ? changed.map((name) => [name]) : [undefined]) {
        await whileRefused(this.entry.retry ?? [], 30, () => this.sendUpdate(operation, call, id, olds, news, one));
      }
      await this.ready(operation, id, news);
    }
  }

  private async sendUpdate(
    operation: Operation,
    call: Call,
    id: string,
    olds: Values,
    news: Values,
    only: readonly string[] | undefined,
  ): Promise<void> {
    const given = this.changedBy(call).filter((name) => only === undefined || only.includes(name));
    const none = this.entry.none ?? {};
    const values = Object.fromEntries(given.map((name) => [name, news[name] ?? none[name] ?? null]));
    const isOff = given.every((name) => isAbsent(values[name]) || isEqual(values[name], none[name] ?? false));
    if (call.off !== undefined && isOff) {
      const off = { call: call.off };
      await this.send(operation, off, this.about(off, id, olds), news);
      return;
    }
    await this.send(operation, call, this.about(call, id, olds, values), news);
  }

  async update(operation: Operation, id: string, olds: Values, news: Values): Promise<Values> {
    await this.change(operation, id, olds, news);
    await updateTags(this.entry, operation, id, olds);
    return (await this.settled(operation, id, news)).outputs;
  }

  async delete(operation: Operation, id: string, state: Values): Promise<void> {
    if (this.entry.delete === undefined || state.skipDestroy === true) return;
    const call = callOf(this.entry.delete);
    const request = requestOf(this.entry, call, { ...state, ...identityOf(this.entry, id, state) });
    const missing = [...this.entry.service.definition.missing, ...(call.missing ?? [])];
    try {
      await whileRefused(this.entry.busy ?? [], 300, () => this.send(operation, call, request, state));
    } catch (error) {
      if (!isOneOf(error, missing)) throw error;
    }
    if (this.entry.gone !== true) return;
    await until(`${id} to be gone`, async () =>
      (await this.answers(operation, id, state)) === undefined ? true : undefined,
    );
  }
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.flatMap((name) => (name in values ? [[name, values[name] ?? null]] : [])));
}

function differs(before: Value | undefined, after: Value | undefined): boolean {
  return !isEqual(before ?? "", after ?? "") && !(isEmpty(before) && isEmpty(after));
}

/** The resource type that an entry describes. `change` puts functions in place of what is irregular. */
export function resource(
  entry: Entry,
  change: (base: ResourceType) => Partial<ResourceType> = () => ({}),
): ResourceType {
  const table = new Table(entry);
  const { token, required, computed, volatile, autoName, taggable, defaults, deleteBeforeReplace } = entry;
  const effects = (names: readonly string[] = [], effect: "update" | "replace") => names.map((name) => [name, effect]);
  const base: ResourceType = {
    token,
    ...{ required, computed, volatile, autoName, taggable, defaults, deleteBeforeReplace },
    properties: Object.fromEntries([
      ...effects(entry.replace, "replace"),
      ...effects(entry.update, "update"),
      ...effects(entry.local, "update"),
    ]) as ResourceType["properties"],
    check: (inputs) => checkEntry(entry, inputs),
    create: (operation, inputs) => table.create(operation, inputs),
    read: (operation, id, state) => table.read(operation, id, state),
    ...(entry.update === undefined && entry.local === undefined && entry.taggable !== true
      ? {}
      : {
          update: (operation: Operation, id: string, olds: Values, news: Values) =>
            table.update(operation, id, olds, news),
        }),
    delete: (operation, id, state) => table.delete(operation, id, state),
  };
  const made = { ...base, ...change(base) };
  ENTRIES.set(token, entry);
  return made;
}

/** For the test that holds every name of every entry to the SDK's schemas. */
export const ENTRIES = new Map<string, Entry>();

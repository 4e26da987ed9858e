/** Where an answer holds the resource, and what it says of it in Pulumi's notation. */
import type { NormalizedSchema } from "@smithy/core/schema";
import type { Value, Values } from "../property-values";
import { fromAwsThrough, get, isEmpty } from "./convert";
import type { Call, Entry } from "./entry";
import { itemOf, memberPath, schemaAt } from "./names";
import { identityNames, memberOf, nounOf, propertiesOf } from "./requests";
import type { Structure } from "./service";

/** The members that lead to the resource: those that the entry names, one called like it, or none. */
function holderPath(entry: Entry, { call, at }: Call): string[] {
  if (at !== undefined) return at === "" ? [] : at.split(".");
  const { output } = entry.service.schema(call);
  const path = output.isStructSchema() ? memberPath(output, nounOf(entry)) : undefined;
  const found = path === undefined ? undefined : schemaAt(output, path);
  const item = found === undefined ? undefined : itemOf(found);
  return path !== undefined && item?.isStructSchema() === true ? path : [];
}

function holderSchema(entry: Entry, call: Call): NormalizedSchema {
  const { output } = entry.service.schema(call.call);
  return itemOf(schemaAt(output, holderPath(entry, call)) ?? output);
}

/** What an answer says of the resource; undefined when a list does not have it. */
export function holderOf(entry: Entry, call: Call, answer: Structure, identity: Values): Structure | undefined {
  const held = get(answer, holderPath(entry, call));
  if (!Array.isArray(held)) return held as Structure | undefined;
  const found = held.flat() as Structure[];
  const schema = holderSchema(entry, call);
  const keys = Object.entries(identity).flatMap(([name, value]) => {
    const members = schema.isStructSchema() ? memberOf(entry, schema, name) : undefined;
    return members === undefined ? [] : [{ members, value }];
  });
  return found.find((item) => keys.every(({ members, value }) => get(item, members) === value));
}

/** Values of maps are text; attributes of queues, for example, are numbers and booleans in programs. */
function scalarOfMap(value: Value): Value {
  if (value === "true" || value === "false") return value === "true";
  return typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
}

/** What several calls say of one resource. */
export class Answers {
  /** The holders, by the names of the calls; the first one of calls of one name. */
  readonly byName: Record<string, Structure> = {};
  private readonly all: { call: Call; holder: Structure; schema: NormalizedSchema }[] = [];

  constructor(private readonly entry: Entry) {}

  add(call: Call, holder: Structure): void {
    this.byName[call.call] ??= holder;
    this.all.push({ call, holder, schema: holderSchema(this.entry, call) });
  }

  get first(): Structure {
    return this.all[0]?.holder ?? {};
  }

  /** The schema of `first`. */
  get schema(): NormalizedSchema | undefined {
    return this.all[0]?.schema;
  }

  /** In the notation of `state`; null for what the state has and AWS does not. */
  values(state: Values): Values {
    const names = [
      ...identityNames(this.entry),
      ...propertiesOf(this.entry),
      ...(this.entry.computed ?? []),
      ...(this.entry.internal ?? []),
    ];
    return Object.fromEntries(
      [...new Set(names)].flatMap((name): [string, Value][] => {
        const value = this.valueOf(name, state[name]);
        return value === undefined || (value === null && isEmpty(state[name])) ? [] : [[name, value]];
      }),
    );
  }

  private valueOf(name: string, given: Value | undefined): Value | undefined {
    const places = this.all.flatMap(({ call, holder, schema }) => {
      if (call.only !== undefined && !call.only.includes(name)) return [];
      const members = schema.isStructSchema() ? memberOf(this.entry, schema, name) : undefined;
      const inner = members === undefined ? undefined : schemaAt(schema, members);
      return members === undefined || inner === undefined
        ? []
        : [{ members, inner, holder, schema, answer: get(holder, members) }];
    });
    const [place] = [...places.filter(({ answer }) => answer !== undefined && answer !== null), ...places];
    if (place === undefined) return undefined;
    const at = { path: name, renames: this.entry.names ?? {} };
    const value = fromAwsThrough(place.schema, place.members, place.inner, place.holder, at, given);
    // A single block has a plural name, and is a list to programs.
    const isBlock = place.inner.isStructSchema() && /s$/.test(name) && !/s$/.test(place.members.at(-1) ?? "s");
    if (isBlock && given === undefined && value !== null) return [value];
    return place.members.length > 1 && given === undefined ? scalarOfMap(value) : value;
  }
}

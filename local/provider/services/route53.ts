/** Amazon Route 53. https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html */
import type { Account } from "../account";
import { service, type Structure, whileRefused } from "../engine/service";
import { isObject, type Value, type Values } from "../property-values";
import {
  type CheckFailure,
  type InvokeFunction,
  objects,
  type Operation,
  optionalBoolean,
  optionalText,
  type ResourceState,
  type ResourceType,
  type Service,
  text,
  texts,
} from "../resource-type";
import { until } from "../wait";

const api = service({ package: "@aws-sdk/client-route-53", client: "Route53Client", missing: ["NoSuchHostedZone"] });

interface RecordSet extends Structure {
  readonly Name: string;
  readonly Type: string;
  readonly SetIdentifier?: string;
}

/** Ids come as paths, e.g. `/hostedzone/Z123`. */
const plainId = (id: unknown): string => String(id).replace(/^\/(hostedzone|change)\//, "");

/** Names are equal whatever their case, with or without the last dot; `\052` is how Route 53 writes an asterisk. */
const plainName = (name: unknown): string => String(name).replace(/\.$/, "").toLowerCase().replaceAll("\\052", "*");

/** Names that lack the zone's get it. */
function fullName(name: string, zone: string): string {
  const [plain, suffix] = [plainName(name), plainName(zone)];
  if (plain === "") return suffix;
  return plain === suffix || plain.endsWith(`.${suffix}`) ? plain : `${plain}.${suffix}`;
}

async function zoneName(account: Account, id: string): Promise<string | undefined> {
  const answer = await api.find(account, "GetHostedZone", { Id: plainId(id) });
  return (answer?.HostedZone as Structure | undefined)?.Name as string | undefined;
}

/** Which record set it is, from the state; an imported one has only its id: `ZONE_name_TYPE`, or with `_identifier`. */
interface Key {
  readonly zone: string;
  readonly name: string;
  readonly type: string;
  readonly identifier: string;
}

function keyOf(id: string, state: Values): Key {
  const [zone = "", ...parts] = id.split("_");
  const at = parts.findIndex((part, i) => i > 0 && /^[A-Z]+$/.test(part));
  if (at < 0) throw new Error(`"${id}" is no record; expected ZONE_name_TYPE or ZONE_name_TYPE_identifier`);
  const imported = {
    zone,
    name: parts.slice(0, at).join("_"),
    type: parts[at] ?? "",
    identifier: parts.slice(at + 1).join("_"),
  };
  return {
    zone,
    name: optionalText(state, "name") ?? imported.name,
    type: optionalText(state, "type") ?? imported.type,
    identifier: optionalText(state, "setIdentifier") ?? imported.identifier,
  };
}

function idOf(values: Values): string {
  const parts = [plainId(text(values, "zoneId")), plainName(text(values, "name")), text(values, "type")];
  const identifier = optionalText(values, "setIdentifier");
  return [...parts, ...(identifier === undefined ? [] : [identifier])].join("_");
}

async function find(account: Account, key: Key): Promise<RecordSet | undefined> {
  const zone = await zoneName(account, key.zone);
  if (zone === undefined) return undefined;
  const name = fullName(key.name, zone);
  let start: Structure = { StartRecordName: name, StartRecordType: key.type };
  for (;;) {
    const page = await api.send(account, "ListResourceRecordSets", { HostedZoneId: key.zone, ...start });
    for (const set of page.ResourceRecordSets as RecordSet[]) {
      if (plainName(set.Name) !== name || set.Type !== key.type) return undefined;
      if ((set.SetIdentifier ?? "") === key.identifier) return set;
    }
    if (page.IsTruncated !== true) return undefined;
    start = {
      StartRecordName: page.NextRecordName,
      StartRecordType: page.NextRecordType,
      ...(page.NextRecordIdentifier === undefined ? {} : { StartRecordIdentifier: page.NextRecordIdentifier }),
    };
  }
}

async function sendChange(account: Account, request: Structure): Promise<Structure> {
  try {
    return await api.send(account, "ChangeResourceRecordSets", request);
  } catch (error) {
    // Route 53 says what is wrong in a list beside the message.
    const { messages = [] } = error as { messages?: string[] };
    if (messages.length > 0) (error as Error).message = messages.join("; ");
    throw error;
  }
}

/** Sends changes as one transaction, and waits until all of Route 53's servers know them. */
async function change(account: Account, zone: string, Changes: Structure[]): Promise<void> {
  const request = { HostedZoneId: zone, ChangeBatch: { Changes, Comment: "Managed by Pulumi" } };
  const passing = ["PriorRequestNotComplete", "Throttling"];
  const answer = await whileRefused(passing, 300, () => sendChange(account, request));
  const Id = plainId((answer.ChangeInfo as Structure | undefined)?.Id);
  await until(
    `the change ${Id} to be in sync`,
    async () =>
      ((await api.send(account, "GetChange", { Id })).ChangeInfo as Structure).Status === "INSYNC" || undefined,
    1800,
  );
}

function recordSet(values: Values, zone: string): Structure {
  const type = text(values, "type");
  const [alias] = objects(values, "aliases");
  const [weighted] = objects(values, "weightedRoutingPolicies");
  const identifier = optionalText(values, "setIdentifier");
  return {
    Name: fullName(text(values, "name"), zone),
    Type: type,
    ...(identifier === undefined ? {} : { SetIdentifier: identifier }),
    ...(weighted === undefined ? {} : { Weight: Number(weighted.weight) }),
    ...(alias === undefined
      ? {
          TTL: Number(values.ttl),
          ResourceRecords: texts(values, "records").map((one) => ({ Value: type === "TXT" ? `"${one}"` : one })),
        }
      : {
          AliasTarget: {
            DNSName: text(alias, "name"),
            HostedZoneId: text(alias, "zoneId"),
            EvaluateTargetHealth: alias.evaluateTargetHealth === true,
          },
        }),
  };
}

/** In the order of the program, if these are the same ones. */
function likeGiven(found: string[], given: Value | undefined): string[] {
  const texts = Array.isArray(given) ? given.map(String) : [];
  return [...texts].sort().join() === [...found].sort().join() ? texts : found;
}

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const key = keyOf(id, state);
  const set = await find(account, key);
  if (set === undefined) return undefined;
  const records = ((set.ResourceRecords ?? []) as { Value: string }[]).map(({ Value }) =>
    key.type === "TXT" ? Value.replace(/^"|"$/g, "") : Value,
  );
  const target = set.AliasTarget as
    { DNSName: string; HostedZoneId: string; EvaluateTargetHealth: boolean } | undefined;
  const [alias] = objects(state, "aliases");
  const isSameName = isObject(alias) && plainName(alias.name) === plainName(target?.DNSName);
  const outputs: Values = {
    fqdn: plainName(set.Name),
    name: key.name,
    type: set.Type,
    zoneId: optionalText(state, "zoneId") ?? key.zone,
    setIdentifier: set.SetIdentifier ?? null,
    weightedRoutingPolicies: set.Weight === undefined ? null : [{ weight: Number(set.Weight) }],
    ...(target === undefined
      ? { ttl: Number(set.TTL), records: likeGiven(records, state.records), aliases: null }
      : {
          ttl: null,
          records: null,
          aliases: [
            {
              name: isSameName ? (alias.name ?? "") : plainName(target.DNSName),
              zoneId: target.HostedZoneId,
              evaluateTargetHealth: target.EvaluateTargetHealth,
            },
          ],
        }),
  };
  const isMeant = ([name, value]: [string, Value]): boolean => value !== null || (state[name] ?? null) !== null;
  return { id, outputs: Object.fromEntries(Object.entries(outputs).filter(isMeant)) };
}

async function put(account: Account, values: Values, Action: string, before: Structure[] = []): Promise<void> {
  const zone = plainId(text(values, "zoneId"));
  const name = await zoneName(account, zone);
  if (name === undefined) throw new Error(`zoneId: there is no hosted zone ${zone}`);
  await change(account, zone, [...before, { Action, ResourceRecordSet: recordSet(values, name) }]);
}

function check(inputs: Values): CheckFailure[] {
  const given = (name: string): boolean => (inputs[name] ?? null) !== null;
  const isSet = given("weightedRoutingPolicies");
  return [
    ...(given("records") === given("aliases")
      ? [{ property: "records", reason: "give exactly one of records and aliases" }]
      : []),
    ...(given("records") && !given("ttl") ? [{ property: "ttl", reason: "missing, and required beside records" }] : []),
    ...(isSet !== given("setIdentifier")
      ? [{ property: "setIdentifier", reason: "goes with weightedRoutingPolicies; give both or none" }]
      : []),
  ];
}

const record: ResourceType = {
  token: "aws:route53/record:Record",
  properties: {
    aliases: "update",
    allowOverwrite: "update",
    name: "replace",
    records: "update",
    setIdentifier: "update",
    ttl: "update",
    type: "update",
    weightedRoutingPolicies: "update",
    zoneId: "replace",
  },
  required: ["name", "type", "zoneId"],
  computed: ["fqdn"],
  check,
  async create(operation, inputs) {
    // A record that is already there is somebody else's, unless the program says to take it.
    await put(operation.account, inputs, inputs.allowOverwrite === true ? "UPSERT" : "CREATE");
    const id = idOf(inputs);
    operation.created(id);
    return until(`${id} to be readable`, () => read(operation, id, inputs));
  },
  read,
  async update(operation, id, olds, news) {
    const isSame = olds.type === news.type && (olds.setIdentifier ?? "") === (news.setIdentifier ?? "");
    const old = isSame ? undefined : await find(operation.account, keyOf(id, olds));
    // Another type or identifier is another record set to Route 53: both change in one transaction.
    const before = old === undefined ? [] : [{ Action: "DELETE", ResourceRecordSet: old }];
    await put(operation.account, news, isSame || news.allowOverwrite === true ? "UPSERT" : "CREATE", before);
    return (await read(operation, id, news))?.outputs ?? {};
  },
  async delete({ account }, id, state) {
    const key = keyOf(id, state);
    const set = await find(account, key);
    if (set !== undefined) await change(account, key.zone, [{ Action: "DELETE", ResourceRecordSet: set }]);
  },
};

const getZone: InvokeFunction = {
  token: "aws:route53/getZone:getZone",
  arguments: ["name", "privateZone", "zoneId"],
  async invoke(account, args) {
    const [id, name] = [optionalText(args, "zoneId"), optionalText(args, "name")];
    if (id === undefined && name === undefined) throw new Error("give zoneId or name");
    const isPrivate = optionalBoolean(args, "privateZone") ?? false;
    const found: Structure[] = [];
    for await (const page of api.pages(account, "ListHostedZones", {})) {
      found.push(
        ...(page.HostedZones as Structure[]).filter(({ Id, Name, Config }) =>
          id === undefined
            ? plainName(Name) === plainName(name) &&
              ((Config as Structure | undefined)?.PrivateZone === true) === isPrivate
            : plainId(Id) === plainId(id),
        ),
      );
    }
    const [only, ...others] = found;
    if (only === undefined) throw new Error(`no matching Route 53 Hosted Zone found for ${JSON.stringify(args)}`);
    if (others.length > 0)
      throw new Error(`multiple Route 53 Hosted Zones matched ${JSON.stringify(args)}; give zoneId`);
    const { DelegationSet } = await api.send(account, "GetHostedZone", { Id: only.Id });
    const servers = ((DelegationSet as Structure | undefined)?.NameServers ?? []) as string[];
    const zoneId = plainId(only.Id);
    return {
      arn: `arn:aws:route53:::hostedzone/${zoneId}`,
      id: zoneId,
      name: plainName(only.Name),
      nameServers: [...servers].sort(),
      privateZone: (only.Config as Structure | undefined)?.PrivateZone === true,
      zoneId,
    };
  },
};

export const route53: Service = { resources: [record], functions: [getZone] };

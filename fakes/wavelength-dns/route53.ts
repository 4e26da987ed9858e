import type {
  Change,
  ChangeResourceRecordSetsCommandInput,
  ChangeResourceRecordSetsResponse,
  GetChangeCommandInput,
  GetChangeResponse,
  ListResourceRecordSetsCommandInput,
  ListResourceRecordSetsResponse,
  ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import type { ChangeReader, RecordReader, RecordWriter } from "../../handlers/wavelength-dns/apis";
import type { SimClock } from "../clock";
import { awsError, type Caller, type Wire } from "../wire";

export interface Route53Options {
  /** Requests of all kinds in any second; more are throttled. */
  readonly requestsPerSecond: number;
  /** How long a change batch is being processed; another one for the zone is refused meanwhile. */
  readonly processingMs: number;
  /** How long a change takes to reach every name server. */
  readonly propagationMs: readonly [number, number];
  /** Records of one name and type with a routing policy. */
  readonly maxPerName: number;
}

/** What the name servers answered, and until when: a record is served by some until its deletion is in sync. */
export interface Served {
  readonly recordSet: ResourceRecordSet;
  readonly since: number;
  /** When the deletion was accepted. */
  removedAt?: number;
  /** When the last name server forgot it. */
  forgottenAt?: number;
}

const LIMITS = { elements: 1000, characters: 32_000 };

/** One hosted zone of Route 53, with its exact rules for changes, its listing order, its limits and its slowness. */
export class FakeRoute53 {
  private readonly records = new Map<string, Served>();
  private readonly changes = new Map<string, { readonly inSyncAt: number }>();
  private recent: number[] = [];
  private busyUntil = 0;
  private changeCount = 0;
  zoneExists = true;
  /** Every record there ever was. */
  readonly history: Served[] = [];
  /** Change batches that Route 53 took, as they came. */
  readonly applied: { readonly at: number; readonly caller: string; readonly changes: readonly Change[] }[] = [];
  /** Sizes of every batch that was asked for, UPSERT counted twice. */
  readonly batchSizes: { readonly elements: number; readonly characters: number }[] = [];
  throttled = 0;
  /** Called for each listing and each accepted change, at the moment of its effect. */
  onAccess: (caller: Caller, kind: "list" | "change") => void = () => undefined;

  constructor(
    private readonly clock: SimClock,
    private readonly wire: Wire,
    readonly hostedZoneId: string,
    private readonly options: Route53Options,
  ) {}

  for(caller: Caller): RecordReader & RecordWriter & ChangeReader {
    return {
      listResourceRecordSets: (input) =>
        this.wire.call(caller, "ListResourceRecordSets", () => this.list(caller, input)),
      changeResourceRecordSets: (input) =>
        this.wire.call(caller, "ChangeResourceRecordSets", () => this.change(caller, input)),
      getChange: (input) => this.wire.call(caller, "GetChange", () => this.getChange(input)),
    };
  }

  /** Somebody else's change, made at once and without limits: on behalf of no caller. */
  changeDirectly(...changes: Change[]): void {
    this.accept({ id: "somebody else", killed: false }, changes);
  }

  /** Record sets as Route 53 lists them. */
  all(): ResourceRecordSet[] {
    return [...this.records.values()].map(({ recordSet }) => recordSet).sort(inListingOrder);
  }

  /** What any name server may still answer now. */
  served(): Served[] {
    const now = this.clock.now();
    return this.history.filter(({ forgottenAt }) => forgottenAt === undefined || forgottenAt > now);
  }

  private list(caller: Caller, input: ListResourceRecordSetsCommandInput): ListResourceRecordSetsResponse {
    this.admit(input.HostedZoneId);
    this.onAccess(caller, "list");
    const start: ResourceRecordSet = {
      Name: input.StartRecordName ?? "",
      Type: input.StartRecordType,
      SetIdentifier: input.StartRecordIdentifier,
    };
    const rest = this.all().filter((recordSet) => inListingOrder(recordSet, start) >= 0);
    const MaxItems = Math.min(300, Number(input.MaxItems ?? 300));
    const next = rest[MaxItems];
    return {
      ResourceRecordSets: rest.slice(0, MaxItems).map((it) => structuredClone(it)),
      IsTruncated: next !== undefined,
      MaxItems,
      ...(next && {
        NextRecordName: next.Name,
        NextRecordType: next.Type,
        NextRecordIdentifier: next.SetIdentifier,
      }),
    };
  }

  private change(caller: Caller, input: ChangeResourceRecordSetsCommandInput): ChangeResourceRecordSetsResponse {
    this.admit(input.HostedZoneId);
    if (this.clock.now() < this.busyUntil) {
      throw awsError("PriorRequestNotComplete", "Route 53 was still processing a prior request");
    }
    const changes = input.ChangeBatch?.Changes ?? [];
    this.checkLimits(changes);
    const id = this.accept(caller, changes);
    this.busyUntil = this.clock.now() + this.options.processingMs;
    return { ChangeInfo: { Id: `/change/${id}`, Status: "PENDING", SubmittedAt: new Date(this.clock.now()) } };
  }

  private getChange(input: GetChangeCommandInput): GetChangeResponse {
    this.admitRate();
    const change = this.changes.get(input.Id ?? "");
    if (change === undefined) throw awsError("NoSuchChange", `A change with id ${input.Id} does not exist`, 404);
    return {
      ChangeInfo: {
        Id: `/change/${input.Id}`,
        Status: this.clock.now() < change.inSyncAt ? "PENDING" : "INSYNC",
        SubmittedAt: new Date(0),
      },
    };
  }

  private admit(hostedZoneId: string | undefined): void {
    this.admitRate();
    if (!this.zoneExists || hostedZoneId !== this.hostedZoneId) {
      throw awsError("NoSuchHostedZone", `No hosted zone found with ID: ${hostedZoneId}`, 404);
    }
  }

  private admitRate(): void {
    const now = this.clock.now();
    this.recent = this.recent.filter((at) => at > now - 1000);
    if (this.recent.length >= this.options.requestsPerSecond) {
      this.throttled += 1;
      throw awsError("Throttling", "Rate exceeded");
    }
    this.recent.push(now);
  }

  private checkLimits(changes: readonly Change[]): void {
    let elements = 0;
    let characters = 0;
    for (const { Action, ResourceRecordSet } of changes) {
      const times = Action === "UPSERT" ? 2 : 1;
      for (const { Value } of ResourceRecordSet?.ResourceRecords ?? []) {
        elements += times;
        characters += times * (Value?.length ?? 0);
      }
    }
    this.batchSizes.push({ elements, characters });
    if (changes.length === 0) throw awsError("InvalidInput", "The change batch is empty");
    if (elements > LIMITS.elements) throw awsError("InvalidChangeBatch", `Number of records limit of 1000 exceeded.`);
    if (characters > LIMITS.characters) throw awsError("InvalidChangeBatch", "RDATA character limit exceeded");
  }

  /** All or nothing: checked against a copy, change by change. */
  private accept(caller: Caller, changes: readonly Change[]): string {
    const now = this.clock.now();
    const inSyncAt = now + this.clock.between(...this.options.propagationMs);
    const next = new Map(this.records);
    const ended: Served[] = [];
    const begun: Served[] = [];
    for (const { Action, ResourceRecordSet: given } of changes) {
      const recordSet = normalised(given);
      const key = keyOf(recordSet);
      const current = next.get(key);
      if (Action === "CREATE" && current) refuse("create", recordSet, "already exists");
      if (Action === "DELETE" && !current) refuse("delete", recordSet, "was not found");
      if (Action === "DELETE" && current && !isEqual(current.recordSet, recordSet)) {
        refuse("delete", recordSet, "the values provided do not match the current values");
      }
      if (current) ended.push(current);
      next.delete(key);
      if (Action !== "DELETE") {
        this.checkNeighbours([...next.values()], recordSet);
        const served = { recordSet, since: now };
        next.set(key, served);
        begun.push(served);
      }
    }
    for (const { recordSet } of begun) checkTtl([...next.values()], recordSet);
    this.onAccess(caller, "change");
    this.records.clear();
    for (const [key, served] of next) this.records.set(key, served);
    for (const served of ended) Object.assign(served, { removedAt: now, forgottenAt: inSyncAt });
    this.history.push(...begun);
    this.applied.push({ at: now, caller: caller.id, changes });
    const id = `C${(this.changeCount += 1)}`;
    this.changes.set(id, { inSyncAt });
    return id;
  }

  private checkNeighbours(existing: readonly Served[], recordSet: ResourceRecordSet): void {
    const atName = existing.map((it) => it.recordSet).filter(({ Name }) => Name === recordSet.Name);
    if (atName.some(({ Type }) => (Type === "CNAME") !== (recordSet.Type === "CNAME"))) {
      refuse("create", recordSet, "a conflicting RRSet of type CNAME exists");
    }
    const sameType = atName.filter(({ Type }) => Type === recordSet.Type);
    if (sameType.some((other) => policyOf(other) !== policyOf(recordSet))) {
      refuse("create", recordSet, "RRSets with the same name and type have another routing policy");
    }
    if (sameType.length >= this.options.maxPerName) {
      refuse("create", recordSet, `more than ${this.options.maxPerName} RRSets have the same name and type`);
    }
  }
}

/** By the end of the batch all weighted records of a name and type must have one TTL; an alias has none. */
function checkTtl(all: readonly Served[], { Name, Type, Weight, TTL, SetIdentifier }: ResourceRecordSet): void {
  if (Weight === undefined || TTL === undefined) return;
  const differs = all.some(
    ({ recordSet: other }) =>
      other.Name === Name && other.Type === Type && other.Weight !== undefined && (other.TTL ?? TTL) !== TTL,
  );
  if (differs) {
    const id = `type ${Type}, SetIdentifier ${SetIdentifier}`;
    throw awsError(
      "InvalidChangeBatch",
      `[RRSet with DNS name ${Name}, ${id} cannot be created as weighted sets must contain the same TTL.]`,
    );
  }
}

function refuse(doing: string, { Name, Type, SetIdentifier }: ResourceRecordSet, why: string): never {
  throw awsError("InvalidChangeBatch", `[Tried to ${doing} ${Name} ${Type} ${SetIdentifier ?? ""} but ${why}]`);
}

/** Names as Route 53 stores them: lower case, final dot, `*` as its octal code. */
function normalised(recordSet: ResourceRecordSet | undefined): ResourceRecordSet {
  const Name = `${(recordSet?.Name ?? "").toLowerCase().replace(/\.$/, "").replaceAll("*", "\\052")}.`;
  return structuredClone({ ...recordSet, Name, Type: recordSet?.Type });
}

function policyOf({ SetIdentifier, Weight, Region, Failover, MultiValueAnswer }: ResourceRecordSet): string {
  if (SetIdentifier === undefined) return "simple";
  if (Weight !== undefined) return "weighted";
  return Region !== undefined ? "latency" : Failover !== undefined ? "failover" : `multivalue ${MultiValueAnswer}`;
}

function isEqual(a: ResourceRecordSet, b: ResourceRecordSet): boolean {
  const form = (it: ResourceRecordSet): string =>
    JSON.stringify(
      Object.entries({ ...it, ResourceRecords: it.ResourceRecords?.map(({ Value }) => Value).sort() }).sort(),
    );
  return form(a) === form(b);
}

function keyOf({ Name, Type, SetIdentifier }: ResourceRecordSet): string {
  return `${Name}|${Type}|${SetIdentifier ?? ""}`;
}

/** By name with its labels reversed, then type, then identifier. */
function inListingOrder(a: ResourceRecordSet, b: ResourceRecordSet): number {
  return (
    (a.Name === b.Name ? 0 : compare(reversed(a.Name ?? ""), reversed(b.Name ?? ""))) ||
    compare(a.Type ?? "", b.Type ?? "") ||
    compare(a.SetIdentifier ?? "", b.SetIdentifier ?? "")
  );
}

function reversed(name: string): string {
  return name.replace(/\.$/, "").replaceAll("*", "\\052").split(".").reverse().join(".");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

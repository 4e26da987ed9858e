/** Run-time errors whose `name` operators and state machines may match. */

/** The hosted zone does not exist (any more). Retrying will not help: the messages go to the dead-letter queue. */
export class HostedZoneMissingError extends Error {
  override readonly name = "HostedZoneMissingError";
  constructor(hostedZoneId: string, options?: ErrorOptions) {
    super(`Hosted zone ${hostedZoneId} does not exist; give the component a zone that does`, options);
  }
}

/**
 * Records of others at the name exclude ours: a CNAME, A records of another routing policy, or weighted ones with
 * another TTL.
 */
export class RecordNameConflictError extends Error {
  override readonly name = "RecordNameConflictError";
  constructor(recordName: string, conflicts: readonly string[]) {
    super(
      `${recordName} cannot take weighted A records beside ${conflicts.join(", ")}; ` +
        "change or delete those, or give the component another record name",
    );
  }
}

/** Somebody else kept changing our records while we did; the queue retries. */
export class ConflictingChangesError extends Error {
  override readonly name = "ConflictingChangesError";
  constructor(recordName: string, attempts: number, options?: ErrorOptions) {
    super(`Route 53 refused ${attempts} plans in a row for ${recordName}, each made from a fresh observation`, options);
  }
}

/**
 * Auto Scaling and EC2 contradict each other about instances that have a record. One of the answers is wrong or stale,
 * and believing it would take records away that are needed.
 */
export class ContradictoryObservationError extends Error {
  override readonly name = "ContradictoryObservationError";
  constructor(autoScalingGroupName: string, contradictions: readonly string[]) {
    super(`The answers about group ${autoScalingGroupName} contradict each other: ${contradictions.join("; ")}`);
  }
}

/** The change that took an instance's record away has not reached every name server yet. */
export class ChangePendingError extends Error {
  override readonly name = "ChangePendingError";
  constructor(instanceId: string, changeId: string) {
    super(`${instanceId} is held: change ${changeId} is not in sync yet`);
  }
}

/** An instance about to be released has a record (again). */
export class RecordStillPresentError extends Error {
  override readonly name = "RecordStillPresentError";
  constructor(instanceId: string, recordName: string) {
    super(`${instanceId} is held: ${recordName} still has its record`);
  }
}

/**
 * The function may not take the records of a former name or zone away: its permission for them went first. Deployments
 * of this release keep it until then; one of an earlier release may have left a stack like this.
 */
export class WithdrawalDeniedError extends Error {
  override readonly name = "WithdrawalDeniedError";
  constructor({ recordName, hostedZoneId }: { recordName: string; hostedZoneId: string }, options?: ErrorOptions) {
    super(
      `Not allowed to take the records of ${recordName} in hosted zone ${hostedZoneId} away; ` +
        "give that name and zone again, run pulumi up, and change them after that",
      options,
    );
  }
}

/** Run-time errors whose `name` operators and alarms may match. Each ends in the dead-letter queue if it lasts. */

/** The Lambda was invoked with something that it does not understand. */
export class BadEventError extends Error {
  override readonly name = "BadEventError";
}

/** Who enables Cost Explorer, and where. */
const ENABLING =
  "Sign in to the account that is asked, the management account where there is an organization, and open Billing and " +
  "Cost Management > Cost Explorer in its console once; the first data comes after about 24 hours. A member account " +
  "may ask only while the management account allows it there, in Billing and Cost Management > Cost Management " +
  "preferences: else name a role of the management account as billingRole";

/** Cost Explorer was never enabled in the account that is asked, or not for its members. */
export class CostExplorerNotEnabledError extends Error {
  override readonly name = "CostExplorerNotEnabledError";
  constructor(reason: string, options?: ErrorOptions) {
    super(`Cost Explorer is not enabled (${reason}). ${ENABLING}`, options);
  }
}

/** Cost Explorer answered, but with nothing at all. */
export class NoCostDataError extends Error {
  override readonly name = "NoCostDataError";
  constructor(first: string, last: string) {
    super(
      `Cost Explorer has no costs from ${first} to ${last}. Enable it in the console of the account that is asked ` +
        "(the first data comes after about 24 hours), or check the accounts and record types that are included",
    );
  }
}

/** The day reported is not in the answer yet; asking again later may help. */
export class CostDataNotReadyError extends Error {
  override readonly name = "CostDataNotReadyError";
  constructor(day: string, reason: string, options?: ErrorOptions) {
    super(
      `Cost Explorer is not ready to report ${day}: ${reason}. It is tried again; else raise settlingDays`,
      options,
    );
  }
}

/** An answer that cannot be turned into a report: a missing metric, no number, another day than asked for. */
export class CostDataMalformedError extends Error {
  override readonly name = "CostDataMalformedError";
}

/** Sums in several currencies mean nothing. */
export class MixedCurrenciesError extends Error {
  override readonly name = "MixedCurrenciesError";
  constructor(currencies: readonly string[]) {
    super(
      `Cost Explorer answered in several currencies (${currencies.join(", ")}), which cannot be added up. ` +
        "Make one report for the accounts of each, with the accounts to include",
    );
  }
}

/** The two queries that read a large organization disagree about a day: the data changed in between. */
export class CostDataChangedError extends Error {
  override readonly name = "CostDataChangedError";
  constructor(accountId: string, day: string) {
    super(`Cost Explorer gave two sums for account ${accountId} on ${day}: its data changed. It is tried again`);
  }
}

/** SES takes no mail from this sender, or none at all for now. */
export class SendingRefusedError extends Error {
  override readonly name = "SendingRefusedError";
  constructor(sender: string, recipients: readonly string[], reason: string, options?: ErrorOptions) {
    super(
      `SES takes no mail from ${sender}: ${reason}. See that the identity is verified, that sending is not paused, and ` +
        "that the function may send from it; then send the day again. " +
        `Not sent to: ${recipients.join(", ")}`,
      options,
    );
  }
}

export interface Refusal {
  readonly address: string;
  readonly reason: string;
}

/** Some recipients did not get the mail; all others did. */
export class RecipientsNotReachedError extends Error {
  override readonly name = "RecipientsNotReachedError";
  constructor(day: string, refused: readonly Refusal[], inDoubt: readonly Refusal[]) {
    const lines = [
      ...refused.map(({ address, reason }) => `${address} was refused (${reason})`),
      ...inDoubt.map(({ address, reason }) => `${address} may or may not have got it (${reason})`),
    ];
    super(`The report of ${day} did not reach everybody; all others have it. ${lines.join("; ")}`);
  }
}

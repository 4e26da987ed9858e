import { checkInspectorScanning } from "../../components/inspector/checks";
import { FORMATS } from "../../components/inspector/formats";
import { InspectorScanning, type InspectorScanningArgs } from "../../components/inspector/inspector";
import type { Rule } from "../../components/internal/argument-checks";
import type { Account } from "../account";
import type { Pattern } from "../pattern";

/** An account does not look after itself. */
function otherThan({ id }: Account): Rule<InspectorScanningArgs> {
  return (checks, { organization }) => {
    if (organization?.role !== "management") return;
    checks.require(organization.delegatedAdministrator !== id, {
      path: "organization.delegatedAdministrator",
      received: organization.delegatedAdministrator,
      allowed: "another account than the management account, as AWS advises",
      fix: "Name the account of the security team, and give it an instance whose role is administrator.",
    });
  };
}

export const inspectorScanning: Pattern<InspectorScanningArgs> = {
  formats: FORMATS,
  check: (args, account) =>
    checkInspectorScanning(args, ...(account === undefined ? [] : [otherThan(account)])).found(),
  deploy(name, args, opts) {
    const { watch } = new InspectorScanning(name, args, opts);
    if (watch === undefined) return {};
    return {
      tableName: watch.findings.name,
      topicArn: watch.topic.arn,
      recordFunctionName: watch.record.function.name,
      reportFunctionName: watch.report.function.name,
      noticesScheduleName: watch.noticesScheduleName,
      digestScheduleName: watch.digestScheduleName,
      eventQueueUrl: watch.events.queue.url,
      deadLetterQueueUrl: watch.events.deadLetters.queue.url,
      reportDeadLetterQueueUrl: watch.report.deadLetters?.queue.url,
    };
  },
};

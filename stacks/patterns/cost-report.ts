import { z } from "zod";
import { CostReport } from "../../components/cost-report/cost-report";
import type { CostReportArgs } from "../../components/cost-report/cost-report";
import { checkCostReport } from "../../components/cost-report/checks";
import { either, otherwise, strict } from "../faults";
import type { Pattern } from "../pattern";
import { domainName, emailAddress, recurringSchedule } from "../shared-schema";

const texts = z.array(z.string());
const choice = either([strict({ include: texts }), strict({ exclude: texts })]);

const recipient = strict({ address: emailAddress, accounts: texts.exactOptional() });

const verification = z.discriminatedUnion(
  "kind",
  [
    strict({ kind: z.literal("link") }),
    strict({
      kind: z.literal("domain"),
      hostedZone: either([strict({ name: domainName }), strict({ id: z.string() })]),
    }),
    strict({ kind: z.literal("existing"), identity: z.enum(["address", "domain"]) }),
  ],
  otherwise("a map with a kind: link, domain or existing", "For example { kind: link }."),
);

const sender = strict({
  address: emailAddress,
  name: z.string().exactOptional(),
  verification: verification.exactOptional(),
});

const schedule = strict({
  expression: recurringSchedule.exactOptional(),
  timeZone: z.string().exactOptional(),
  flexibleMinutes: z.number().exactOptional(),
});

const archive = strict({
  prefix: z.string().exactOptional(),
  keepDays: z.number().exactOptional(),
  keepAfterDestroy: z.boolean().exactOptional(),
});

const percent = z.number();

const schema = strict({
  recipients: z.array(recipient),
  sender,
  replyTo: emailAddress.exactOptional(),
  verifyRecipients: z.boolean().exactOptional(),
  schedule: schedule.exactOptional(),
  title: z.string().exactOptional(),
  subject: z.string().exactOptional(),
  metric: z
    .enum(["UnblendedCost", "BlendedCost", "AmortizedCost", "NetUnblendedCost", "NetAmortizedCost"])
    .exactOptional(),
  recordTypes: choice.exactOptional(),
  otherRecordTypes: texts.exactOptional(),
  accounts: choice.exactOptional(),
  knownAccounts: z
    .record(z.string(), strict({ name: z.string().exactOptional(), owner: z.string().exactOptional() }))
    .exactOptional(),
  ownerTag: z.string().exactOptional(),
  lookUpNames: z.boolean().exactOptional(),
  billingRole: strict({ roleArn: z.string(), externalId: z.string().exactOptional() }).exactOptional(),
  settlingDays: z.number().exactOptional(),
  trendDays: z.number().exactOptional(),
  bands: z.tuple([percent, percent, percent, percent]).exactOptional(),
  accountsInline: z.number().exactOptional(),
  servicesInline: z.number().exactOptional(),
  monthQuery: z.enum(["auto", "shared", "separate"]).exactOptional(),
  links: z.array(strict({ label: z.string(), url: z.string() })).exactOptional(),
  archive: archive.exactOptional(),
  alarmTopicArns: texts.exactOptional(),
}) satisfies z.ZodType<CostReportArgs>;

export const costReport: Pattern<typeof schema> = {
  schema,
  check: (args) => checkCostReport(args).found(),
  deploy(name, args, opts) {
    const component = new CostReport(name, args, opts);
    return {
      functionName: component.lambda.function.name,
      scheduleName: component.scheduleName,
      bucketName: component.archive.bucket.bucket,
      tableName: component.deliveries.name,
      configurationSetName: component.mail.configurationSet.configurationSetName,
      deadLetterQueueUrl: component.lambda.deadLetters?.queue.url,
    };
  },
};

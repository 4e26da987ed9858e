/**
 * The production side of apis.ts. Clients, logger and metrics are made once per execution environment and report;
 * commands are imported one by one, so that bundles hold what is called and no more.
 */
import { CostExplorerClient, GetCostAndUsageCommand } from "@aws-sdk/client-cost-explorer";
import { DynamoDBClient, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { ListAccountsCommand, ListTagsForResourceCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendEmailCommand, SESv2Client } from "@aws-sdk/client-sesv2";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { systemClock } from "../shared/clock";
import { clientConfig } from "../shared/invocation";
import { powertoolsTelemetry } from "../shared/powertools";
import type { CostReportDeps } from "./apis";
import { type CostReportSettings, METRIC_DIMENSION, METRIC_NAMESPACE, type MetricName } from "./settings";

/** A page of Cost Explorer, and a mail with attachments, may take their time. */
const PATIENT_MS = 15_000;

const known = new Map<string, CostReportDeps>();

export function productionDeps(settings: CostReportSettings): CostReportDeps {
  // Two reports of one function differ in more than their name, such as the role to assume.
  const key = JSON.stringify([settings.reportId, settings.billingRole]);
  const deps = known.get(key) ?? makeDeps(settings);
  known.set(key, deps);
  return deps;
}

function makeDeps({ reportId, billingRole }: CostReportSettings): CostReportDeps {
  const billing = billingRole === undefined ? {} : { credentials: assumed(billingRole) };
  const costExplorer = new CostExplorerClient({ ...clientConfig(PATIENT_MS), ...billing });
  const organizations = new OrganizationsClient({ ...clientConfig(), ...billing });
  const dynamo = new DynamoDBClient(clientConfig());
  const ses = new SESv2Client(clientConfig(PATIENT_MS));
  const s3 = new S3Client(clientConfig(PATIENT_MS));
  return {
    ...systemClock,
    telemetry: powertoolsTelemetry<MetricName>({
      service: "cost-report",
      namespace: METRIC_NAMESPACE,
      dimensions: { [METRIC_DIMENSION]: reportId },
    }),
    costExplorer: { getCostAndUsage: (input) => costExplorer.send(new GetCostAndUsageCommand(input)) },
    organizations: {
      listAccounts: (input) => organizations.send(new ListAccountsCommand(input)),
      listTagsForResource: (input) => organizations.send(new ListTagsForResourceCommand(input)),
    },
    table: {
      query: (input) => dynamo.send(new QueryCommand(input)),
      updateItem: (input) => dynamo.send(new UpdateItemCommand(input)),
    },
    mail: { sendEmail: (input) => ses.send(new SendEmailCommand(input)) },
    bucket: {
      putObject: (input) => s3.send(new PutObjectCommand(input)),
      getObject: async (input) => {
        const { Body } = await s3.send(new GetObjectCommand(input));
        return Body === undefined ? "" : Body.transformToString();
      },
      listObjects: (input) => s3.send(new ListObjectsV2Command(input)),
    },
  };
}

/** Credentials of another role; the SDK asks for them again when they are about to expire. */
function assumed({ roleArn, externalId }: NonNullable<CostReportSettings["billingRole"]>) {
  const sts = new STSClient({ requestHandler: clientConfig().requestHandler });
  return async () => {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: "cost-report",
        ...(externalId !== undefined && { ExternalId: externalId }),
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined) {
      throw new Error(`STS gave no credentials for ${roleArn}`);
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken !== undefined && { sessionToken: SessionToken }),
      ...(Expiration !== undefined && { expiration: Expiration }),
    };
  };
}

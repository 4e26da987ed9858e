import * as assert from "node:assert/strict";
import {
  AssociateMemberCommand,
  BatchGetAccountStatusCommand,
  CreateFilterCommand,
  DeleteFilterCommand,
  DescribeOrganizationConfigurationCommand,
  DisableCommand,
  EnableCommand,
  EnableDelegatedAdminAccountCommand,
  Inspector2Client,
  ListFindingsCommand,
  UpdateOrganizationConfigurationCommand,
} from "@aws-sdk/client-inspector2";
import { parseEvent } from "../../handlers/inspector/events";
import { bootstrapOrganization } from "../../local/organization";
import { wavesOf } from "../../local/stories/inspector/findings";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { collectEvents, type EventLog } from "../support/events";

const MANAGEMENT = "850000000001";
const ADMINISTRATOR = "850000000002";
const MEMBER = "850000000003";
const STRANGER = "850000000004";

/** That the local cloud's Inspector answers, refuses and says what AWS does. */
describe("the local cloud's Inspector", () => {
  let cloud: TestCloud;
  const as = (account: string): Inspector2Client => new Inspector2Client(cloud.as(account));
  const logs: Record<string, EventLog> = {};

  before(async () => {
    cloud = await startTestCloud();
    await bootstrapOrganization(cloud, MANAGEMENT, [ADMINISTRATOR, MEMBER]);
    for (const account of [ADMINISTRATOR, MEMBER]) {
      logs[account] = await collectEvents(cloud.as(account), ["aws.inspector2"]);
    }
  });
  after(() => cloud.stop());

  const enable = (account: string, ...resourceTypes: ("EC2" | "LAMBDA" | "LAMBDA_CODE")[]) =>
    as(account).send(new EnableCommand({ accountIds: [account], resourceTypes }));
  const find = async (...findings: object[]): Promise<string> => {
    const body = JSON.stringify({ account: MEMBER, region: "us-east-1", findings });
    return (await fetch(`${cloud.endpoint}/_aws-patterns/findings`, { method: "POST", body })).text();
  };
  const [found] = wavesOf({ account: MEMBER, region: "us-east-1" }, Date.now())[0] ?? [];

  it("scans code only where it scans dependencies, and stops both together", async () => {
    await assert.rejects(enable(STRANGER, "LAMBDA_CODE"), { name: "ValidationException" });
    await enable(STRANGER, "LAMBDA", "LAMBDA_CODE", "EC2");
    await as(STRANGER).send(new DisableCommand({ accountIds: [STRANGER], resourceTypes: ["LAMBDA"] }));
    const { accounts = [] } = await as(STRANGER).send(new BatchGetAccountStatusCommand({}));
    const states = Object.entries(accounts[0]?.resourceState ?? {}).map(([name, state]) => [name, state?.status]);
    assert.deepEqual(Object.fromEntries(states), {
      ...{ ec2: "ENABLED", ecr: "DISABLED", lambda: "DISABLED", lambdaCode: "DISABLED" },
    });
  });

  it("lets the management account name the administrator, and only that one look after members", async () => {
    const delegate = new EnableDelegatedAdminAccountCommand({ delegatedAdminAccountId: ADMINISTRATOR });
    await assert.rejects(as(MEMBER).send(delegate), { name: "AccessDeniedException" });
    const other = new EnableDelegatedAdminAccountCommand({ delegatedAdminAccountId: STRANGER });
    await assert.rejects(as(MANAGEMENT).send(other), { name: "ValidationException" });
    await assert.rejects(as(ADMINISTRATOR).send(new DescribeOrganizationConfigurationCommand({})), {
      name: "AccessDeniedException",
    });
    await as(MANAGEMENT).send(delegate);
    const autoEnable = { ec2: true, ecr: false, lambda: false, lambdaCode: true };
    const update = new UpdateOrganizationConfigurationCommand({ autoEnable });
    await assert.rejects(as(ADMINISTRATOR).send(update), { name: "ValidationException" });
    const scanMember = new EnableCommand({ accountIds: [MEMBER], resourceTypes: ["LAMBDA"] });
    await assert.rejects(as(ADMINISTRATOR).send(scanMember), { name: "AccessDeniedException" });
    await as(ADMINISTRATOR).send(new AssociateMemberCommand({ accountId: MEMBER }));
    assert.match(await find(found ?? {}), /LAMBDA is not scanned in 850000000003/);
    await as(ADMINISTRATOR).send(scanMember);
  });

  it("keeps findings that a test injects, and no others, and says so in both accounts", async () => {
    const { findings = [] } = await as(MEMBER).send(new ListFindingsCommand({}));
    assert.deepEqual(findings, []);
    assert.deepEqual(JSON.parse(await find(found ?? {})), { statuses: ["ACTIVE"] });
    for (const log of Object.values(logs)) {
      const event = await log.waitFor("the finding", () => true);
      assert.equal(event["detail-type"], "Inspector2 Finding");
      const { arn, status, updatedAt } = parseEvent(JSON.stringify(event));
      assert.deepEqual([arn, status, updatedAt], [found?.findingArn, "ACTIVE", Date.parse(found?.updatedAt ?? "")]);
    }
  });

  it("suppresses what a filter matches, for as long as it is there", async () => {
    const equals = (value: string) => ({ comparison: "EQUALS" as const, value });
    const filterCriteria = {
      resourceType: [equals("AWS_LAMBDA_FUNCTION")],
      vulnerablePackages: [{ name: equals("log4j-core") }, { name: equals("flask") }],
    };
    const create = new CreateFilterCommand({ name: "flask", action: "SUPPRESS", filterCriteria });
    const { arn } = await as(MEMBER).send(create);
    await assert.rejects(as(MEMBER).send(create), { name: "ValidationException" });
    const statusOf = async () => {
      const listed = new ListFindingsCommand({ filterCriteria: { findingArn: [equals(found?.findingArn ?? "")] } });
      return (await as(MEMBER).send(listed)).findings?.map(({ status }) => status);
    };
    assert.deepEqual(await statusOf(), ["SUPPRESSED"]);
    await logs[MEMBER]?.waitFor("suppression", ({ detail }) => detail["status"] === "SUPPRESSED");
    await as(MEMBER).send(new DeleteFilterCommand({ arn }));
    assert.deepEqual(await statusOf(), ["ACTIVE"]);
    const unknown = new ListFindingsCommand({ filterCriteria: { portRange: [{ beginInclusive: 1 }] } });
    await assert.rejects(as(MEMBER).send(unknown), { name: "ValidationException", message: /portRange/ });
  });
});

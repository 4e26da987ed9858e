/** What several stories do in an account, through the AWS APIs. */
import { DescribeTableCommand, DynamoDBClient, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { CreateHostedZoneCommand, ListHostedZonesByNameCommand, Route53Client } from "@aws-sdk/client-route-53";
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import type { PlayedContext, StoryContext } from "./story";

/** Makes a public hosted zone, unless the account has it. */
export async function prepareZone({ client, deployment }: StoryContext, name: string): Promise<void> {
  const route53 = new Route53Client(client);
  const { HostedZones = [] } = await route53.send(new ListHostedZonesByNameCommand({ DNSName: name }));
  if (HostedZones.some((zone) => zone.Name === `${name}.`)) return;
  await route53.send(new CreateHostedZoneCommand({ Name: name, CallerReference: deployment.name }));
}

/** An output of the deployment that is a text. */
export function outputOf({ outputs }: PlayedContext, name: string): string {
  const value = outputs[name];
  if (typeof value !== "string") throw new Error(`the deployment has no output "${name}"`);
  return value;
}

/** Checks, after a deployment was destroyed, that the tables which its outputs name are gone. */
export async function checkNoTables(context: PlayedContext, ...outputs: readonly string[]): Promise<string> {
  for (const TableName of outputs.map((output) => outputOf(context, output))) {
    const describe = new DescribeTableCommand({ TableName });
    const left = await new DynamoDBClient(context.client).send(describe).catch((error: unknown) => {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    });
    if (left !== undefined) throw new Error(`${TableName} is still there`);
  }
  return "no table";
}

/** Runs what a schedule runs, right away: a copy of it, due in a second; with another input where one is given. */
export async function runScheduleNow({ client }: StoryContext, name: string, input?: string): Promise<void> {
  const scheduler = new SchedulerClient(client);
  const { Target } = await scheduler.send(new GetScheduleCommand({ Name: name }));
  if (Target === undefined) throw new Error(`schedule ${name} has no target`);
  await scheduler.send(
    new CreateScheduleCommand({
      Name: `story-${Date.now()}`,
      ScheduleExpression: `at(${new Date(Date.now() + 1000).toISOString().slice(0, 19)})`,
      FlexibleTimeWindow: { Mode: "OFF" },
      ActionAfterCompletion: "DELETE",
      Target: input === undefined ? Target : { ...Target, Input: input },
    }),
  );
}

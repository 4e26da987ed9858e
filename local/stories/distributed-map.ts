/** Thousands of items at once: pictures become thumbnails, measurements the hottest days; what failed runs again. */
import { DescribeStateMachineCommand, SFNClient, StateMachineDoesNotExist } from "@aws-sdk/client-sfn";
import type { DistributedMapArgs } from "../../components/distributed-map/distributed-map";
import { outputOf } from "./account";
import { playMeasurements } from "./distributed-map/measurements";
import { prepareBuckets } from "./distributed-map/operator";
import { playPictures } from "./distributed-map/pictures";
import type { PlayedContext, Story } from "./story";

/** The local stack has an instance for each of the post's two examples. */
function play(context: PlayedContext): Promise<void> {
  const { item } = context.deployment.args as DistributedMapArgs;
  return "thumbnails" in item ? playPictures(context) : playMeasurements(context);
}

async function afterDestroy(context: PlayedContext): Promise<void> {
  await context.step("Nothing is left, and the buckets are as they were", async () => {
    const stateMachineArn = outputOf(context, "stateMachineArn");
    const describe = new DescribeStateMachineCommand({ stateMachineArn });
    const left = await new SFNClient(context.client).send(describe).catch((error: unknown) => {
      if (error instanceof StateMachineDoesNotExist) return undefined;
      throw error;
    });
    if (left !== undefined && left.status !== "DELETING") throw new Error(`${stateMachineArn} is ${left.status}`);
    return "no state machine";
  });
}

export const distributedMap: Story = {
  title: "Thousands of items at once: some may fail, and only those run again",
  tryFirst: ["aws stepfunctions list-executions --state-machine-arn {stateMachineArn}"],
  prepare: prepareBuckets,
  play,
  afterDestroy,
};

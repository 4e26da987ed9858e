/** https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutLifecycleHook.html */
import {
  AutoScalingClient,
  DeleteLifecycleHookCommand,
  DescribeLifecycleHooksCommand,
} from "@aws-sdk/client-auto-scaling";
import type { Values } from "../../property-values";
import { type Operation, type ResourceState, type ResourceType, text } from "../../resource-type";
import { likeState } from "../shape";
import { settled } from "../support";
import { checkHook, HOOK, hookOutputs, ifNotFound, putHook } from "./common";

async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
  const group = text(state, "autoscalingGroupName");
  const question = new DescribeLifecycleHooksCommand({ AutoScalingGroupName: group, LifecycleHookNames: [id] });
  const answer = await ifNotFound(account.client(AutoScalingClient).send(question));
  const hook = answer?.LifecycleHooks?.find(({ LifecycleHookName }) => LifecycleHookName === id);
  if (hook === undefined) return undefined;
  return { id, outputs: likeState(state, { ...hookOutputs(hook), autoscalingGroupName: group }) };
}

export const lifecycleHook: ResourceType = {
  token: "aws:autoscaling/lifecycleHook:LifecycleHook",
  properties: {
    ...Object.fromEntries(Object.keys(HOOK).map((property) => [property, "update" as const])),
    autoscalingGroupName: "replace",
    name: "replace",
  },
  required: ["autoscalingGroupName", "lifecycleTransition"],
  computed: ["defaultResult"],
  autoName: { property: "name", maxLength: 255 },
  check: (inputs) => checkHook(inputs),
  async create(operation, inputs) {
    const id = text(inputs, "name");
    await putHook(operation.account.client(AutoScalingClient), text(inputs, "autoscalingGroupName"), inputs);
    operation.created(id);
    return settled(read, operation, id, inputs);
  },
  read,
  async update(operation, id, _olds, news) {
    await putHook(operation.account.client(AutoScalingClient), text(news, "autoscalingGroupName"), news);
    return (await settled(read, operation, id, news)).outputs;
  },
  async delete({ account }, id, state) {
    const request = { AutoScalingGroupName: text(state, "autoscalingGroupName"), LifecycleHookName: id };
    await ifNotFound(account.client(AutoScalingClient).send(new DeleteLifecycleHookCommand(request)));
  },
};

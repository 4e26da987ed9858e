import type { Rule } from "../../components/internal/argument-checks";
import { checkDistributedMap } from "../../components/distributed-map/checks";
import { DistributedMap, type DistributedMapArgs } from "../../components/distributed-map/distributed-map";
import { FORMATS } from "../../components/distributed-map/formats";
import type { Pattern } from "../pattern";

/** A stack file has no code. */
const checkNoCallback: Rule<DistributedMapArgs> = (checks, { item }) => {
  checks.require(!("lambda" in item), {
    path: "item.lambda",
    received: "an inline function",
    allowed: "function, task, thumbnails or hottestDay in a stack file",
    fix: "Name a function that exists, or use DistributedMap in a program of your own.",
  });
};

export const distributedMap: Pattern<DistributedMapArgs> = {
  formats: FORMATS,
  check: (args) => checkDistributedMap(args, checkNoCallback).found(),
  deploy(name, args, opts) {
    const component = new DistributedMap(name, args, opts);
    return {
      stateMachineArn: component.stateMachine.machine.arn,
      functionName: component.lambda?.function.name,
      dashboardName: component.dashboard.dashboardName,
    };
  },
};

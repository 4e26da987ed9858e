/** A function and a queue to subscribe to something. */
import { CallbackLambda } from "../../components/building-blocks/callback-lambda";
import { WorkQueue } from "../../components/building-blocks/work-queue";
import type { Registered } from "./mocks";
import { statementsOf } from "./policies";

export const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";

export function lambda(asynchronous = false): CallbackLambda {
  return new CallbackLambda("fn", {
    description: "Does something",
    policies: [],
    callback: async () => undefined,
    ...(asynchronous ? { asynchronous: {} } : {}),
  });
}

export function queue(fifo = false): WorkQueue {
  return new WorkQueue("work", { purpose: "work", visibilityTimeoutSeconds: 180, fifo });
}

export function actions({ inputs }: Registered): string[] {
  return statementsOf(inputs.policy).flatMap(({ Action }) => Action);
}

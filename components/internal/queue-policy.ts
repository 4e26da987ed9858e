import * as pulumi from "@pulumi/pulumi";
import { tlsOnlyStatement } from "./policy";

/** A service that may send to a queue, on behalf of one resource. */
export interface Sender {
  /** Service principal, e.g. `events.amazonaws.com`. */
  service: string;
  /** ARN (or ARN pattern) of the rules or topics that send. */
  sourceArn: pulumi.Input<string>;
}

/** Queue policy: the senders given may send; nobody talks to the queue without TLS. */
export function tlsOnly(queueArn: pulumi.Input<string>, senders: readonly Sender[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      ...senders.map(({ service, sourceArn }) => ({
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnLike: { "aws:SourceArn": sourceArn } },
      })),
      tlsOnlyStatement("sqs:*", queueArn),
    ],
  });
}

import type { SQSBatchResponse } from "aws-lambda";
import { type Message, toRecord } from "../../../../fakes/wavelength-dns/queue";
import { World, type WorldOptions } from "../../../../fakes/wavelength-dns/world";

/** Any event that says that something may have changed. */
export const hint = JSON.stringify({
  source: "aws.ec2",
  "detail-type": "EC2 Instance State-change Notification",
  time: "2026-01-01T00:00:00Z",
  detail: { "instance-id": "i-1", state: "running" },
});

/** A world whose queue is not polled: tests invoke the Lambda themselves. */
export class ReconcileBench extends World {
  private sent = 0;

  constructor(options: WorldOptions = {}) {
    super({ deliver: () => undefined, ...options });
  }

  /** One invocation with these bodies; gives the bodies that failed, or undefined where it was killed. */
  async handle(bodies: string[] = [hint], options: { receiveCount?: number; timeoutMs?: number } = {}) {
    return this.clock.finish(this.begin(bodies, options));
  }

  async begin(bodies: string[] = [hint], { receiveCount = 1, timeoutMs = 60_000 } = {}): Promise<string[] | undefined> {
    const messages = bodies.map((body): Message => {
      this.sent += 1;
      return { id: `m${this.sent}`, body, group: undefined, sentAt: 0, visibleAt: 0, receiveCount, chain: 0 };
    });
    const response: SQSBatchResponse | undefined = await this.reconcile({ Records: messages.map(toRecord) }, timeoutMs);
    const failed = new Set(response?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    return response && messages.filter(({ id }) => failed.has(id)).map(({ body }) => body);
  }

  get writes(): number {
    return this.route53.applied.length;
  }

  /** How often a refused batch led to a new observation. */
  replans(): number {
    return this.telemetry.lines.filter(({ message }) => message.includes("observing again")).length;
  }

  holder(): unknown {
    return this.table.bySortKey().get("lease")?.["holder"];
  }
}

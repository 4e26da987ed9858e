import * as aws from "@pulumi/aws";
import { type EventPattern, patternFaults } from "../event-pattern";
import { checkArguments, type Rule } from "../internal/argument-checks";
import { within } from "../internal/faults";
import { enrichmentPart, sourcePart, targetPart } from "../internal/pipe-parts";
import { serviceTrust } from "../internal/policy";
import { lastingPolicy } from "../internal/role-policy";
import { checkQueueBatches } from "../internal/subscription-parts";
import { EVENT_PIPE } from "./args.schema";
import { alarmAbove, alarmTopics, Component, type ComponentOptions, type ObservabilityArgs } from "./component";
import { DeadLetterQueue } from "./dead-letter-queue";
import { templateText } from "./pipe-template";
import type { PipeEnrichment, PipeSource, PipeTarget } from "./pipe-ends";

export interface EventPipeArgs extends ObservabilityArgs {
  /** What the pipe is for; shown in the console and in alarms. @format latin-1-of-256 */
  description: string;
  /** Where events come from. */
  source: PipeSource;
  /** Patterns, one of which an event has to match; see `eventPattern`. At most 5. @rule @default all events */
  filters?: readonly EventPattern[];
  /** What enriches events: a function, an Express state machine, an API. @default none */
  enrichment?: PipeEnrichment;
  /** Where events go: a state machine, a function, a queue, an event bus, a Kinesis stream. */
  target: PipeTarget;
}

/**
 * EventBridge Pipes: source → filter → enrichment → target, in order, with a role that may do exactly that. Records of a
 * stream that fail for good end in a dead-letter queue with an alarm, while those behind them pass; messages of a queue
 * end in the queue's own.
 *
 * ```ts
 * const { suffix } = eventPattern;
 * new EventPipe("orders-paid", {
 *   description: "Paid orders are worked off",
 *   source: { table: orders },
 *   filters: [{ dynamodb: { NewImage: { email: { S: [suffix("@example.com")] } } } }],
 *   target: { stateMachine: fulfilment, inputTemplate: { order: pipeValue("$.dynamodb.NewImage") } },
 * });
 * ```
 *
 * @throws ArgumentsError for what Pipes refuses: patterns, numbers, a Standard machine as enrichment, a FIFO queue
 *   without a message group
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes.html
 */
export class EventPipe extends Component {
  readonly pipe: aws.pipes.Pipe;
  readonly role: aws.iam.Role;
  /** Of a stream's records; a queue has its own. */
  readonly deadLetters: DeadLetterQueue;
  readonly alarm: aws.cloudwatch.MetricAlarm;

  constructor(name: string, args: EventPipeArgs, opts?: ComponentOptions) {
    const rules = [checkFilters, checkEnrichment, checkTemplates, checkQueues];
    checkArguments(`EventPipe "${name}"`, EVENT_PIPE, args, ...rules);
    super("events", name, opts);
    this.deadLetters = "queue" in args.source ? args.source.queue.deadLetters : this.createDeadLetters(args);
    this.role = new aws.iam.Role(
      this.named("role"),
      { assumeRolePolicy: serviceTrust("pipes.amazonaws.com"), description: args.description },
      this.child,
    );
    this.pipe = this.createPipe(args);
    this.alarm = this.createAlarm(args);
    this.registerOutputs({ pipeName: this.pipe.name });
  }

  private createDeadLetters(args: EventPipeArgs): DeadLetterQueue {
    const purpose = `records that ${this.componentName} gave up`;
    return new DeadLetterQueue(this.named("dead-letters"), { purpose, ...alarmTopics(args) }, this.child);
  }

  private createPipe({ description, source, filters, enrichment, target }: EventPipeArgs): aws.pipes.Pipe {
    const from = sourcePart(source, this.deadLetters.queue.arn);
    const enriched = enrichment && enrichmentPart(enrichment);
    const to = targetPart(target);
    const statements = [...from.permissions, ...(enriched?.permissions ?? []), ...to.permissions];
    const policy = lastingPolicy(this.named("policy"), this.role, statements, this.child);
    const patterns = filters?.map((filter) => ({ pattern: JSON.stringify(filter) }));
    return new aws.pipes.Pipe(
      this.named("pipe"),
      {
        description,
        roleArn: this.role.arn,
        source: from.arn,
        sourceParameters: { ...from.parameters, filterCriteria: patterns && { filters: patterns } },
        enrichment: enriched?.arn,
        enrichmentParameters: enriched?.parameters,
        target: to.arn,
        targetParameters: to.parameters,
      },
      // AWS tries the source with the role when the pipe is made.
      { ...this.child, dependsOn: [policy] },
    );
  }

  private createAlarm(args: EventPipeArgs): aws.cloudwatch.MetricAlarm {
    return new aws.cloudwatch.MetricAlarm(
      this.named("failures"),
      {
        alarmDescription:
          `A pipe fails: ${args.description}. Look at its target's and its enrichment's errors, ` + "and at its role.",
        namespace: "AWS/EventBridge/Pipes",
        metricName: "ExecutionFailed",
        dimensions: { PipeName: this.pipe.name },
        statistic: "Sum",
        period: 300,
        ...alarmAbove(0, args),
      },
      this.child,
    );
  }
}

const checkFilters: Rule<EventPipeArgs> = (checks, { filters = [] }) => {
  checks.require(filters.length <= 5, {
    path: "filters",
    received: filters.length,
    allowed: "at most 5 patterns",
    fix: "Put several into one by $or, or ask AWS for a higher quota.",
  });
  filters.forEach((filter, i) => checks.add(within(`filters[${i}]`, patternFaults(filter, { service: "pipes" }))));
};

const checkEnrichment: Rule<EventPipeArgs> = (checks, { enrichment }) => {
  if (enrichment === undefined || !("stateMachine" in enrichment)) return;
  checks.require(enrichment.stateMachine.type === "EXPRESS", {
    path: "enrichment.stateMachine",
    received: enrichment.stateMachine.type,
    allowed: "an Express state machine",
    fix: 'Give the machine type: "EXPRESS": Pipes waits for the answer, which a Standard one does not give.',
  });
};

/** Pipes takes a template without any quotation marks for text, in which values lose theirs. */
const checkTemplates: Rule<EventPipeArgs> = (checks, { enrichment, target }) => {
  const takesText = "queue" in target || "stream" in target;
  const templates = { enrichment: enrichment?.inputTemplate, target: takesText ? undefined : target.inputTemplate };
  for (const [end, template] of Object.entries(templates)) {
    checks.require(template === undefined || templateText(template).includes('"'), {
      path: `${end}.inputTemplate`,
      received: template,
      allowed: "an object with a field at least, or a text",
      fix: 'Give the value a name: { order: pipeValue("$.dynamodb.NewImage") }. Alone it would be no JSON any more.',
    });
  }
};

const checkQueues: Rule<EventPipeArgs> = (checks, { source, target }) => {
  if ("queue" in target) {
    checks.require(!target.queue.fifo || target.messageGroupId !== undefined, {
      path: "target.messageGroupId",
      received: target.messageGroupId,
      allowed: "a message group, for a FIFO queue",
      fix: "Give a path of the event, such as $.dynamodb.Keys.id.S, or one text for all.",
    });
  }
  if ("queue" in source) checkQueueBatches(checks, "source.", source);
};

/**
 * Input templates of EventBridge Pipes.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
 */

/** A part of the event as it is: an object, a list, a number. */
export class PipeValue {
  constructor(readonly path: string) {}
}

/** What a pipe says of itself. */
export type PipeVariable =
  | "aws.pipes.event"
  | "aws.pipes.event.ingestion-time"
  | "aws.pipes.pipe-arn"
  | "aws.pipes.pipe-name"
  | "aws.pipes.source-arn";

/**
 * A part of the event, or what the pipe says of itself, as JSON. Within texts, parts are written as Pipes has them:
 * `"order <$.body.id>"`.
 *
 * ```ts
 * { order: pipeValue("$.dynamodb.NewImage"), title: "Order <$.dynamodb.NewImage.id.S>" }
 * ```
 *
 * @throws Error for what is no path of Pipes: names, indexes in brackets, no wildcards and no filters
 */
export function pipeValue(path: `$${string}` | PipeVariable): PipeValue {
  if (path.startsWith("$") && !/^\$(\.[\w-]+|\['[^']+'\]|\[\d+\])*$/.test(path)) {
    throw new Error(`${path} is no path of EventBridge Pipes: write $.name.other or $.list[0], without wildcards`);
  }
  return new PipeValue(path);
}

/** What a target or an enrichment gets in place of the event. */
export type PipeTemplate =
  string | number | boolean | null | PipeValue | readonly PipeTemplate[] | { readonly [name: string]: PipeTemplate };

/** The template as Pipes takes it: JSON, in which values stand without quotation marks. */
export function templateText(template: PipeTemplate): string {
  if (template instanceof PipeValue) return `<${template.path}>`;
  if (Array.isArray(template)) return `[${template.map(templateText).join(",")}]`;
  if (typeof template !== "object" || template === null) return JSON.stringify(template);
  const entries = Object.entries(template as Readonly<Record<string, PipeTemplate>>);
  return `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${templateText(value)}`).join(",")}}`;
}

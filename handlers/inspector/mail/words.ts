/** How things are called in mails. */
import type { ToneName } from "../../shared/mail/theme";
import type { NoticeKind } from "../plan";
import type { Severity } from "../settings";

const TONES: Readonly<Record<Severity, ToneName>> = {
  UNTRIAGED: "s0",
  INFORMATIONAL: "u0",
  LOW: "u1",
  MEDIUM: "u2",
  HIGH: "u3",
  CRITICAL: "u4",
};

const KINDS: Readonly<Record<NoticeKind, ToneName>> = { new: "nw", "more severe": "u3", fixed: "d3", reopened: "u2" };

export const toneOfSeverity = (severity: Severity): ToneName => TONES[severity];
export const toneOfKind = (kind: NoticeKind): ToneName => KINDS[kind];

export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

export const inDays = (days: number): string => counted(Math.floor(days), "day");

/** The end of an ARN, or the id: what people call a resource. An image is called by its repository and digest. */
export function resourceName({ resourceId }: { readonly resourceId: string }): string {
  if (!resourceId.startsWith("arn:")) return resourceId;
  const name = resourceId.split(":").slice(5).join(":");
  return name
    .replace(/^(function:|repository\/)/, "")
    .replace(/:\$LATEST$/, "")
    .replace(/(sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1");
}

/** AWS_LAMBDA_FUNCTION → Lambda function */
export function typeName({ resourceType }: { readonly resourceType: string }): string {
  const names: Readonly<Record<string, string>> = {
    AWS_EC2_INSTANCE: "EC2 instance",
    AWS_ECR_CONTAINER_IMAGE: "container image",
    AWS_ECR_REPOSITORY: "ECR repository",
    AWS_LAMBDA_FUNCTION: "Lambda function",
    CODE_REPOSITORY: "code repository",
  };
  return names[resourceType] ?? resourceType;
}

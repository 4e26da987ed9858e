/** Names in DNS and in Route 53, and the mark by which this component knows its own records. */
import { createHash } from "node:crypto";
import type { ResourceRecordSet } from "@aws-sdk/client-route-53";

/**
 * The form in which two names can be compared: lower case, with the final dot, and Route 53's octal escapes (it
 * answers `\052.example.com.` for `*.example.com`) resolved.
 */
export function canonicalName(name: string): string {
  const plain = name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
  return `${plain.toLowerCase().replace(/\.$/, "")}.`;
}

/** The id alone, of "/hostedzone/Z1" or "/change/C1" as Route 53 also writes them. */
export function bareId(id: string): string {
  return id.replace(/^\/?(hostedzone|change)\//, "");
}

/** Partition key of everything kept about one record name. */
export function scopeOf(settings: { readonly hostedZoneId: string; readonly recordName: string }): string {
  return `${bareId(settings.hostedZoneId)}/${canonicalName(settings.recordName)}`;
}

/**
 * SetIdentifier of an instance's record. The digest proves that the record is ours: an identifier that merely begins
 * with an instance id, as other tools make them too, does not have it.
 */
export function setIdentifierOf(owner: string, instanceId: string): string {
  const digest = createHash("sha256").update(`${owner}\n${instanceId}`).digest("hex").slice(0, 16);
  return `${instanceId}.${digest}`;
}

/** The instance whose record this is, or undefined for a record that is not the owner's. */
export function instanceOf(owner: string, recordSet: ResourceRecordSet): string | undefined {
  if (recordSet.Type !== "A" || recordSet.SetIdentifier === undefined) return undefined;
  const instanceId = recordSet.SetIdentifier.slice(0, recordSet.SetIdentifier.lastIndexOf("."));
  return recordSet.SetIdentifier === setIdentifierOf(owner, instanceId) ? instanceId : undefined;
}

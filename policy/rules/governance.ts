/** Whose it is, and where it is. */
import { type Finding, properties, type Rule, type RuleSettings, type Subject } from "../rule";
import { effectiveTags, isTaggable } from "../tags";
import { isAbsent, type Known, matches, UNKNOWN } from "../values";

function missingTags(subject: Subject, { requiredTags }: RuleSettings): Finding[] {
  if (!isTaggable(subject.type)) return [];
  const tags = effectiveTags(subject);
  if (tags === UNKNOWN) return [];
  const missing = requiredTags.filter((tag) => isAbsent(tags[tag]) || tags[tag] === "");
  return missing.length === 0 ? [] : [{ property: missing.map((tag) => `tags.${tag}`).join(", "), value: undefined }];
}

function outsideRegions({ type, props }: Subject, { regions }: RuleSettings): Finding[] {
  if (regions === undefined || !/^(aws:|pulumi:providers:aws$)/.test(type)) return [];
  const { region } = props;
  return typeof region === "string" && !regions.includes(region) ? [{ property: "region", value: region }] : [];
}

function isAllowedZone(value: Known, { zones }: RuleSettings): boolean {
  return typeof value !== "string" || zones === undefined || zones.some((zone) => matches(zone, value));
}

export const governanceRules: readonly Rule[] = [
  {
    id: "required-tags",
    title: "Everything that can be tagged tells its owner, environment and cost centre",
    reason: "Nobody could be asked about it, and its costs would be nobody's.",
    remedy:
      "Add the tag, best to the account's `tags` in the stack file: the provider puts them on everything. (Auto Scaling groups need tags of their own.)",
    severity: "mandatory",
    parameters: ["requiredTags"],
    types: [],
    check: missingTags,
  },
  {
    id: "allowed-regions",
    title: "Resources are in allowed regions",
    reason: "Data, costs and alarms in other regions are seen by nobody, and may not be there by law.",
    remedy: "Use one of the regions that the stack's settings list (regions), or have it added there.",
    severity: "mandatory",
    parameters: ["regions"],
    types: [],
    check: outsideRegions,
  },
  {
    id: "allowed-zones",
    title: "Resources are in allowed zones",
    reason: "Zones differ in price, capacity and place; those that are allowed were chosen for it.",
    remedy: "Use one of the zones that the stack's settings list (zones), or have it added there.",
    severity: "mandatory",
    parameters: ["zones"],
    ...properties(
      {
        "aws:autoscaling/group:Group": "availabilityZones[]",
        "aws:ebs/volume:Volume": "availabilityZone",
        "aws:ec2/instance:Instance": "availabilityZone",
        "aws:ec2/launchTemplate:LaunchTemplate": "placement.availabilityZone",
        "aws:ec2/spotInstanceRequest:SpotInstanceRequest": "availabilityZone",
        "aws:ec2/subnet:Subnet": "availabilityZone",
        "aws:elasticache/cluster:Cluster": "availabilityZone",
        "aws:rds/cluster:Cluster": "availabilityZones[]",
        "aws:rds/instance:Instance": "availabilityZone",
      },
      (value, _, settings) => isAllowedZone(value, settings),
    ),
  },
];

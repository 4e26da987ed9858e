import { nearest } from "./nearest-name";

/** A part of AWS with accounts, regions and ARNs of its own. */
export interface Partition {
  /** What ARNs of the partition begin with after `arn:`. */
  readonly id: string;
  /** What its services' addresses end with. */
  readonly dnsSuffix: string;
  /** What regions of the partition are called, those included that AWS has yet to open. */
  readonly pattern: RegExp;
  /** Regions by name, without pseudo regions such as `aws-global`. */
  readonly regions: readonly string[];
}

function partition(id: string, dnsSuffix: string, pattern: RegExp, regions: string): Partition {
  return { id, dnsSuffix, pattern, regions: regions.split(" ") };
}

/**
 * AWS's partitions and regions, as the AWS SDK for JavaScript has them (@aws-sdk/core 3.981, November 2026), which does
 * not export its table. A test compares the two, and says what is missing here.
 */
export const PARTITIONS: readonly Partition[] = [
  partition(
    "aws",
    "amazonaws.com",
    /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
    "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 " +
      "ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 " +
      "eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 " +
      "me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2",
  ),
  partition("aws-cn", "amazonaws.com.cn", /^cn-\w+-\d+$/, "cn-north-1 cn-northwest-1"),
  partition("aws-eusc", "amazonaws.eu", /^eusc-(de)-\w+-\d+$/, "eusc-de-east-1"),
  partition("aws-iso", "c2s.ic.gov", /^us-iso-\w+-\d+$/, "us-iso-east-1 us-iso-west-1"),
  partition("aws-iso-b", "sc2s.sgov.gov", /^us-isob-\w+-\d+$/, "us-isob-east-1 us-isob-west-1"),
  partition("aws-iso-e", "cloud.adc-e.uk", /^eu-isoe-\w+-\d+$/, "eu-isoe-west-1"),
  partition("aws-iso-f", "csp.hci.ic.gov", /^us-isof-\w+-\d+$/, "us-isof-east-1 us-isof-south-1"),
  partition("aws-us-gov", "amazonaws.com", /^us-gov-\w+-\d+$/, "us-gov-east-1 us-gov-west-1"),
];

/** Every region that AWS has today. */
export const REGIONS: readonly string[] = PARTITIONS.flatMap(({ regions }) => regions);

/** Regions are named after directions; what lies elsewhere is a typing error (`us-esat-1`), not a new region. */
const DIRECTION = /-(central|(north|south)?(east|west)|north|south)-\d$/;

/** The partition of a region, also of one that AWS has opened since this table was written; undefined for no region. */
export function partitionOf(region: string): Partition | undefined {
  const known = PARTITIONS.find(({ regions }) => regions.includes(region));
  if (known !== undefined || !DIRECTION.test(region)) return known;
  return PARTITIONS.find(({ pattern }) => pattern.test(region));
}

/** What to do about a text that is no region. */
export function regionFix(text: string): string {
  const lower = text.toLowerCase();
  return partitionOf(lower) === undefined ? nearest(lower, REGIONS) : `Write it in lower case: ${lower}.`;
}

/** Whether a text is the ARN of an IAM role, in any partition. */
export function isRoleArn(text: string): boolean {
  const [, partition] = /^arn:([a-z-]+):iam::\d{12}:role\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/.exec(text) ?? [];
  return PARTITIONS.some(({ id }) => id === partition);
}

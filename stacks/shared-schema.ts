/** The parts of a stack configuration that all patterns share. */
import { z } from "zod";
import { meaning, strict } from "./faults";

export const accountId = meaning(
  (text) => /^\d{12}$/.test(text),
  "an AWS account id: 12 digits, in quotation marks",
  'Quote it ("012345678901"), since YAML drops leading zeros of numbers.',
);

export const region = meaning(
  (text) =>
    /^(us|eu|ap|sa|ca|me|af|il|mx)(-gov|-iso[a-z]?)?-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d$/.test(
      text,
    ),
  "an AWS region such as us-east-1",
  "Give the region's code.",
);

export const roleArn = meaning(
  (text) => /^arn:aws(-us-gov|-cn)?:iam::\d{12}:role\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/.test(text),
  "an IAM role's ARN such as arn:aws:iam::111111111111:role/aws-patterns-deployer",
  "Copy the ARN from the role's page.",
);

/** As RFC 5321 mail servers take it, without comments and quoted parts. */
export const emailAddress = meaning(
  (text) =>
    text.length <= 254 &&
    /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/.test(text),
  "an e-mail address such as platform@example.com",
  "Give one address, without a display name.",
);

const tagValue = meaning(
  (text) => /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(text),
  "at most 256 letters, digits, spaces and _.:/=+-@",
  "Shorten the value, or remove other characters.",
);

/** `owner` tells people whom to write to. */
export const tags = z.record(
  meaning(
    (text) => /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(text),
    "tag names of at most 128 letters, digits, spaces and _.:/=+-@, not beginning with aws:",
    "Rename the tag.",
  ),
  tagValue,
);

export const account = strict({
  id: accountId,
  region: region.optional(),
  roleArn: roleArn.optional(),
  externalId: meaning(
    (text) => /^[\w+=,.@:/-]{2,1224}$/.test(text),
    "2 to 1,224 letters, digits and _+=,.@:/-",
    "Use the external id that the role's trust policy asks for.",
  ).optional(),
  tags: tags.optional(),
});

export type AccountInput = z.infer<typeof account>;

/** Logical names become physical ones, with suffixes, so they are short and plain. */
export const instanceName = /^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/;

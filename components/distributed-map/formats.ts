/** Forms of texts among the arguments of DistributedMap. */
import { FORMATS as COMMON } from "../internal/formats";
import type { Format } from "../internal/schema";

// Parts of keys are in policies, too, where * and ? would stand for others.
const KEY_CHARACTERS = "letters, digits, spaces and !-_.'()/=+@:,";
const KEY = /^[\w !.'()/=+@:,-]{1,512}$/;

export const FORMATS: Readonly<Record<string, Format>> = {
  ...COMMON,
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
  "bucket-name": {
    test: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    allowed: "a bucket's name: 3 to 63 lower-case letters, digits, points and hyphens",
    fix: "Give the name alone, without s3:// and without a key.",
  },
  folder: {
    test: (text) => KEY.test(text) && !/^\/|\/$/.test(text),
    allowed: `1 to 512 ${KEY_CHARACTERS}, neither beginning nor ending with /`,
    fix: "For example results.",
  },
  "function-arn": {
    test: /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:[\w$-]{1,128})?$/,
    allowed: "a function's ARN such as arn:aws:lambda:us-east-1:111111111111:function:resize",
    fix: "Copy the ARN from the function's page.",
  },
  "key-prefix": { test: KEY, allowed: `1 to 512 ${KEY_CHARACTERS}`, fix: "For example images/." },
  "key-suffix": { test: KEY, allowed: `1 to 512 ${KEY_CHARACTERS}`, fix: "For example .csv." },
  "object-key": {
    test: (text) => KEY.test(text) && !text.endsWith("/"),
    allowed: `1 to 512 ${KEY_CHARACTERS}, not ending with /`,
    fix: "Give the whole key of one object, such as measurements/2022.csv.",
  },
  /** https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html */
  "reference-path": {
    test: /^\$(\.[A-Za-z_][\w-]*|\[\d+\]|\['[^'\]]+'\])+$/,
    allowed: "a path to one value of the input, such as $.key",
    fix: "Begin it with $ and name one member after the other.",
  },
};

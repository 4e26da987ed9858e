/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html */
import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  type TransitionDefaultMinimumObjectSize as MinimumSize,
} from "@aws-sdk/client-s3";
import { objects, text } from "../../resource-type";
import { bucketPart } from "./part";
import { checkLifecycle, ruleOf, rulesState } from "./lifecycle-rules";

export const bucketLifecycleConfiguration = bucketPart({
  token: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  properties: { expectedBucketOwner: "replace", rules: "update", transitionDefaultMinimumObjectSize: "update" },
  required: ["rules"],
  defaults: { transitionDefaultMinimumObjectSize: "all_storage_classes_128K" },
  check: checkLifecycle,
  missing: ["NoSuchLifecycleConfiguration"],
  async put(client, key, inputs) {
    const command = new PutBucketLifecycleConfigurationCommand({
      ...key,
      LifecycleConfiguration: { Rules: objects(inputs, "rules").map(ruleOf) },
      TransitionDefaultMinimumObjectSize: text(inputs, "transitionDefaultMinimumObjectSize") as MinimumSize,
    });
    await client.send(command);
  },
  async get(client, key, state) {
    const found = await client.send(new GetBucketLifecycleConfigurationCommand(key));
    return {
      rules: rulesState(state, found.Rules ?? []),
      transitionDefaultMinimumObjectSize: found.TransitionDefaultMinimumObjectSize ?? null,
    };
  },
  async remove(client, key) {
    await client.send(new DeleteBucketLifecycleCommand(key));
  },
});

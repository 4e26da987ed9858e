/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html */
import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { checkPolicy, documentLike, documentText } from "../documents";
import { bucketPart } from "./part";

export const bucketPolicy = bucketPart({
  token: "aws:s3/bucketPolicy:BucketPolicy",
  properties: { policy: "update" },
  required: ["policy"],
  check: ({ policy }) => checkPolicy("policy", policy, { principal: "required" }),
  missing: ["NoSuchBucketPolicy"],
  async put(client, key, { policy }) {
    await client.send(new PutBucketPolicyCommand({ ...key, Policy: documentText(policy) }));
  },
  async get(client, key, state) {
    const { Policy } = await client.send(new GetBucketPolicyCommand(key));
    return { policy: documentLike(state.policy, Policy) };
  },
  async remove(client, key) {
    await client.send(new DeleteBucketPolicyCommand(key));
  },
});

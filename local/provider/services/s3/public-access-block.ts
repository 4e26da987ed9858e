/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html */
import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { boolean, checkShape, presentState, type Shape, toAws } from "../shape";
import { optionalBoolean } from "../../resource-type";
import { bucketPart } from "./part";

const FILE = "local/provider/services/s3/public-access-block.ts";
const BLOCKS: Shape = {
  blockPublicAcls: boolean,
  blockPublicPolicy: boolean,
  ignorePublicAcls: boolean,
  restrictPublicBuckets: boolean,
};

export const bucketPublicAccessBlock = bucketPart({
  token: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  properties: { ...Object.fromEntries(Object.keys(BLOCKS).map((name) => [name, "update"])), skipDestroy: "update" },
  defaults: Object.fromEntries(Object.keys(BLOCKS).map((name) => [name, false])),
  check: (inputs) => checkShape({ ...BLOCKS, bucket: { kind: "text" }, skipDestroy: boolean }, inputs, FILE),
  missing: ["NoSuchPublicAccessBlockConfiguration"],
  async put(client, key, inputs) {
    await client.send(
      new PutPublicAccessBlockCommand({ ...key, PublicAccessBlockConfiguration: toAws(BLOCKS, inputs) }),
    );
  },
  async get(client, key, state) {
    const { PublicAccessBlockConfiguration: found } = await client.send(new GetPublicAccessBlockCommand(key));
    return presentState(BLOCKS, state, found);
  },
  async remove(client, key, state) {
    if (optionalBoolean(state, "skipDestroy") !== true) await client.send(new DeletePublicAccessBlockCommand(key));
  },
});

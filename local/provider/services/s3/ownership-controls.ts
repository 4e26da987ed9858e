/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketOwnershipControls.html */
import {
  DeleteBucketOwnershipControlsCommand,
  GetBucketOwnershipControlsCommand,
  type ObjectOwnership,
  PutBucketOwnershipControlsCommand,
} from "@aws-sdk/client-s3";
import { optionalObject, text } from "../../resource-type";
import { checkOneOf } from "../checks";
import { checkShape, nested, text as string } from "../shape";
import { bucketPart } from "./part";

const FILE = "local/provider/services/s3/ownership-controls.ts";
const OWNERSHIPS = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"];

export const bucketOwnershipControls = bucketPart({
  token: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  properties: { rule: "update" },
  required: ["rule"],
  check: (inputs) => [
    ...checkShape({ bucket: string, rule: nested({ objectOwnership: string }) }, inputs, FILE),
    ...checkOneOf("rule.objectOwnership", optionalObject(inputs, "rule")?.objectOwnership, OWNERSHIPS),
  ],
  missing: ["OwnershipControlsNotFoundError"],
  async put(client, key, inputs) {
    const ObjectOwnership = text(optionalObject(inputs, "rule") ?? {}, "objectOwnership") as ObjectOwnership;
    const OwnershipControls = { Rules: [{ ObjectOwnership }] };
    await client.send(new PutBucketOwnershipControlsCommand({ ...key, OwnershipControls }));
  },
  async get(client, key) {
    const { OwnershipControls: found } = await client.send(new GetBucketOwnershipControlsCommand(key));
    return { rule: { objectOwnership: found?.Rules?.[0]?.ObjectOwnership ?? "" } };
  },
  async remove(client, key) {
    await client.send(new DeleteBucketOwnershipControlsCommand(key));
  },
});

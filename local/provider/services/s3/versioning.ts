/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html */
import {
  type BucketVersioningStatus,
  GetBucketVersioningCommand,
  type MFADelete,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { optionalObject, optionalText } from "../../resource-type";
import { checkOneOf } from "../checks";
import { checkShape, like, nested, text as string } from "../shape";
import { known } from "../support";
import { bucketPart } from "./part";

const FILE = "local/provider/services/s3/versioning.ts";
/** What a bucket is until somebody enables versioning. It never is again: from then on there is `Suspended`. */
const NEVER = "Disabled";

export const bucketVersioning = bucketPart({
  token: "aws:s3/bucketVersioning:BucketVersioning",
  properties: { expectedBucketOwner: "replace", mfa: "update", versioningConfiguration: "update" },
  required: ["versioningConfiguration"],
  check: (inputs) => {
    const { status, mfaDelete } = optionalObject(inputs, "versioningConfiguration") ?? {};
    const shape = {
      bucket: string,
      expectedBucketOwner: string,
      mfa: string,
      versioningConfiguration: nested({ mfaDelete: string, status: string }),
    };
    return [
      ...checkShape(shape, inputs, FILE),
      ...checkOneOf("versioningConfiguration.status", status, ["Enabled", "Suspended", NEVER]),
      ...checkOneOf("versioningConfiguration.mfaDelete", mfaDelete, ["Enabled", "Disabled"]),
    ];
  },
  missing: [],
  async put(client, key, inputs, olds) {
    const wanted = optionalObject(inputs, "versioningConfiguration") ?? {};
    const before = optionalObject(olds ?? {}, "versioningConfiguration")?.status ?? NEVER;
    if (wanted.status === NEVER) {
      if (before === NEVER) return;
      throw new Error(
        `versioningConfiguration.status: received "${NEVER}" for a bucket that had versions; use "Suspended"`,
      );
    }
    const MFADelete = optionalText(wanted, "mfaDelete") as MFADelete | undefined;
    const Status = optionalText(wanted, "status") as BucketVersioningStatus | undefined;
    const VersioningConfiguration = { Status, ...(MFADelete === undefined ? {} : { MFADelete }) };
    const MFA = optionalText(inputs, "mfa");
    await client.send(new PutBucketVersioningCommand({ ...key, VersioningConfiguration, MFA }));
  },
  async get(client, key, state) {
    const { Status, MFADelete } = await client.send(new GetBucketVersioningCommand(key));
    const found = known({ status: Status ?? NEVER, mfaDelete: MFADelete });
    return { versioningConfiguration: like(state.versioningConfiguration, found) ?? found };
  },
  async remove(client, key, state) {
    if (optionalObject(state, "versioningConfiguration")?.status !== "Enabled") return;
    const VersioningConfiguration = { Status: "Suspended" as const };
    await client.send(new PutBucketVersioningCommand({ ...key, VersioningConfiguration }));
  },
});

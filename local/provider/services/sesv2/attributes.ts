/** Attributes of an identity that are resources of their own, identified by the identity. */
import { GetEmailIdentityCommand, type GetEmailIdentityCommandOutput, SESv2Client } from "@aws-sdk/client-sesv2";
import type { Values } from "../../property-values";
import {
  type CheckFailure,
  type Operation,
  type Properties,
  type ResourceState,
  type ResourceType,
  text,
} from "../../resource-type";
import { ifMissing, settled } from "../support";
import { checkIdentity, MISSING } from "./common";

export interface IdentityAttributes {
  readonly token: string;
  /** Those besides the identity. */
  readonly properties: Properties;
  readonly defaults?: Values;
  check(inputs: Values): CheckFailure[];
  put(client: SESv2Client, EmailIdentity: string, inputs: Values): Promise<unknown>;
  get(found: GetEmailIdentityCommandOutput, state: Values): Values;
  /** What an identity has whose attributes nobody has set. */
  readonly initial: Values;
}

export function identityAttributes(attributes: IdentityAttributes): ResourceType {
  async function read({ account }: Operation, id: string, state: Values): Promise<ResourceState | undefined> {
    const question = account.client(SESv2Client).send(new GetEmailIdentityCommand({ EmailIdentity: id }));
    const found = await ifMissing(question, MISSING);
    if (found === undefined) return undefined;
    return { id, outputs: { emailIdentity: id, ...attributes.get(found, state) } };
  }
  return {
    token: attributes.token,
    properties: { ...attributes.properties, emailIdentity: "replace" },
    required: ["emailIdentity"],
    ...(attributes.defaults === undefined ? {} : { defaults: attributes.defaults }),
    check: (inputs) => [...checkIdentity("emailIdentity", inputs.emailIdentity), ...attributes.check(inputs)],
    async create(operation, inputs) {
      const id = text(inputs, "emailIdentity");
      await attributes.put(operation.account.client(SESv2Client), id, inputs);
      operation.created(id);
      return settled(read, operation, id, inputs);
    },
    read,
    async update(operation, id, _olds, news) {
      await attributes.put(operation.account.client(SESv2Client), id, news);
      return (await settled(read, operation, id, news)).outputs;
    },
    async delete({ account }, id) {
      await ifMissing(attributes.put(account.client(SESv2Client), id, attributes.initial), MISSING);
    },
  };
}

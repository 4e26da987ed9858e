/** Whom a role may trust, and what tokens of web identities are taken, as IAM and STS refuse the others. */
import * as assert from "node:assert/strict";
import {
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  IAMClient,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { startTestCloud, type TestCloud } from "../support/cloud";
import { policy } from "../support/functions";

const [ONE, TWO] = ["844000000011", "844000000012"];
const HOST = "tokens.example.com";

describe("the trust policies of roles", () => {
  let cloud: TestCloud;
  before(async () => {
    cloud = await startTestCloud();
  });
  after(() => cloud.stop());

  const trust = (Principal: object, Action: string): string => policy({ Principal, Action });
  const make = (account: string, RoleName: string, AssumeRolePolicyDocument: string, Path?: string) =>
    new IAMClient(cloud.as(account)).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, Path }));

  it("name roles only that exist, in whatever account, with their path", async () => {
    const wanted = trust({ AWS: [`arn:aws:iam::${TWO}:role/ci/worker`] }, "sts:AssumeRole");
    const refused = { name: "MalformedPolicyDocumentException", message: /Invalid principal in policy: "AWS":"arn:/ };
    await assert.rejects(make(ONE, "deployer", wanted), refused);
    await make(ONE, "deployer", trust({ AWS: ONE }, "sts:AssumeRole"));
    const update = { RoleName: "deployer", PolicyDocument: wanted };
    const change = () => new IAMClient(cloud.as(ONE)).send(new UpdateAssumeRolePolicyCommand(update));
    await assert.rejects(change(), refused);
    await make(TWO, "worker", trust({ AWS: TWO }, "sts:AssumeRole"), "/ci/");
    await change();
  });

  it("admit tokens of a provider that the account has, for an audience that it lists", async () => {
    const federated = { Federated: `arn:aws:iam::${ONE}:oidc-provider/${HOST}` };
    const { Role } = await make(ONE, "federated", trust(federated, "sts:AssumeRoleWithWebIdentity"));
    const enter = (aud: string) => {
      const claims = { iss: `https://${HOST}`, sub: "one", aud };
      const body = Buffer.from(JSON.stringify(claims)).toString("base64url");
      const request = { RoleArn: Role?.Arn, RoleSessionName: "it", WebIdentityToken: `e30.${body}.signature` };
      return new STSClient(cloud.as(ONE)).send(new AssumeRoleWithWebIdentityCommand(request));
    };
    await assert.rejects(enter("here"), {
      name: "InvalidIdentityTokenException",
      message: /No OpenIDConnect provider/,
    });
    await new IAMClient(cloud.as(ONE)).send(
      new CreateOpenIDConnectProviderCommand({ Url: `https://${HOST}`, ClientIDList: ["here"] }),
    );
    await enter("here");
    await assert.rejects(enter("there"), { name: "InvalidIdentityTokenException", message: /audience/ });
  });
});

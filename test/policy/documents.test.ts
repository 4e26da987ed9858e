import * as assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ATTACHED_POLICIES, GRANTS, IDENTITY_POLICIES, RESOURCE_POLICIES } from "../../policy/documents";

const SDK = dirname(require.resolve("@pulumi/aws/package.json"));

/** Inputs of a file of Pulumi's SDK. */
function inputsIn(text: string): string[] {
  return [...text.matchAll(/resourceInputs\["(\w+)"\] = args/g)].map(([, name = ""]) => name);
}

/** Inputs of every type of the SDK. */
function* types(): Generator<{ type: string; inputs: string[] }> {
  for (const entry of readdirSync(SDK, { withFileTypes: true }).filter((item) => item.isDirectory())) {
    for (const file of readdirSync(join(SDK, entry.name)).filter((name) => /^(?!get[A-Z]).*\.js$/.test(name))) {
      const text = readFileSync(join(SDK, entry.name, file), "utf8");
      const [, type] = /__pulumiType = '(aws:[^']+)'/.exec(text) ?? [];
      if (type !== undefined) yield { type, inputs: inputsIn(text) };
    }
  }
}

/** Types with a property that looks like a policy's and says nothing of who may do what, and why. */
const OTHERS: Readonly<Record<string, string>> = {
  "aws:appconfig/hostedConfigurationVersion:HostedConfigurationVersion": "content of an application's",
  "aws:cfg/organizationCustomPolicyRule:OrganizationCustomPolicyRule": "a rule of AWS Config",
  "aws:cloudformation/stack:Stack": "protects a stack's resources from its updates",
  "aws:cloudwatch/logAccountPolicy:LogAccountPolicy": "what logs are hidden, forwarded or indexed",
  "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": "what logs hide",
  "aws:cloudwatch/logIndexPolicy:LogIndexPolicy": "what logs index",
  "aws:codecommit/approvalRuleTemplate:ApprovalRuleTemplate": "who approves changes",
  "aws:connect/contactFlow:ContactFlow": "content of calls",
  "aws:connect/contactFlowModule:ContactFlowModule": "content of calls",
  "aws:connect/vocabulary:Vocabulary": "words",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "limits what an endpoint passes, and lets nobody in by itself",
  "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": "limits what an endpoint passes, and lets nobody in by itself",
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": "when images are deleted",
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": "limits what a role allows",
  "aws:iot/policyAttachment:PolicyAttachment": "names a policy",
  "aws:lambda/codeSigningConfig:CodeSigningConfig": "what code is trusted",
  "aws:networkmanager/coreNetwork:CoreNetwork": "segments of a network",
  "aws:networkmanager/coreNetworkPolicyAttachment:CoreNetworkPolicyAttachment": "segments of a network",
  "aws:odb/network:Network": "limits what a network passes",
  "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy": "rules with principals of the account only",
  "aws:opensearch/serverlessLifecyclePolicy:ServerlessLifecyclePolicy": "when indexes are deleted",
  "aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy": "keys and networks of collections",
  "aws:organizations/policy:Policy": "limits accounts",
  "aws:resiliencehub/resiliencyPolicy:ResiliencyPolicy": "how long recovery may take",
  "aws:s3/bucketObject:BucketObject": "content of an object",
  "aws:s3/bucketObjectv2:BucketObjectv2": "content of an object",
  "aws:sagemaker/modelCard:ModelCard": "a description",
  "aws:schemas/schema:Schema": "a schema of events",
  "aws:ses/receiptFilter:ReceiptFilter": "Allow or Block",
  "aws:sns/dataProtectionPolicy:DataProtectionPolicy": "what messages hide",
  "aws:ssm/document:Document": "steps of a runbook",
  "aws:transfer/access:Access": "limits what a role allows",
  "aws:transfer/user:User": "limits what a role allows",
  "aws:verifiedaccess/endpoint:Endpoint": "in the language Cedar",
  "aws:verifiedaccess/group:Group": "in the language Cedar",
};

const LOOKS_LIKE_A_POLICY =
  /^(policy|policies|policyDocument|accessPolic(y|ies)|resourcePolicy|inlinePolic(y|ies)|policyBody|policyText|\w+PolicyDocument|deliveryDestinationPolicy|content)$/;
const LOOKS_LIKE_AN_ATTACHMENT = /^(policyArns?|managedPolicyArns?)$/;

describe("the tables of types with policies", () => {
  it("name properties that Pulumi's SDK has", () => {
    const grants = Object.entries(GRANTS).flatMap(([type, conditions]) =>
      ["principal", ...Object.keys(conditions)].map((path): [string, string] => [type, path]),
    );
    const rows = [RESOURCE_POLICIES, IDENTITY_POLICIES, ATTACHED_POLICIES].flatMap(Object.entries<string>);
    for (const [type, path] of [...rows, ...grants]) {
      const [, module = "", file = ""] = /^aws:([\w-]+)\/([\w-]+):\w+$/.exec(type) ?? [];
      const source = join(SDK, module, `${file}.js`);
      assert.ok(existsSync(source), type);
      const [property = ""] = path.split(/[.[]/);
      assert.ok(inputsIn(readFileSync(source, "utf8")).includes(property), `${type}: ${property}`);
    }
  });

  it("have a row for every type of the SDK whose properties look like policies, but for those that are none", () => {
    const known = { ...RESOURCE_POLICIES, ...IDENTITY_POLICIES, ...OTHERS };
    const found = [...types()].filter(({ inputs }) => inputs.some((name) => LOOKS_LIKE_A_POLICY.test(name)));
    assert.ok(found.length > 80);
    assert.deepEqual(
      found.map(({ type }) => type).filter((type) => known[type] === undefined),
      [],
    );
    const listed = found.map(({ type }) => type);
    assert.deepEqual(
      Object.keys(OTHERS).filter((type) => !listed.includes(type)),
      [],
    );
  });

  it("have a row for every type that gives a policy by its ARN to somebody", () => {
    const others = [
      // Policies of their services' own.
      "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
      "aws:resiliencehub/v2Service:V2Service",
      "aws:resiliencehub/v2UserJourney:V2UserJourney",
      // Limits what roles allow.
      "aws:rolesanywhere/profile:Profile",
    ];
    const found = [...types()].filter(({ inputs }) => inputs.some((name) => LOOKS_LIKE_AN_ATTACHMENT.test(name)));
    assert.deepEqual(
      found.map(({ type }) => type).filter((type) => ATTACHED_POLICIES[type] === undefined && !others.includes(type)),
      [],
    );
  });
});

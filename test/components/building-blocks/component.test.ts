import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../../../components/internal/argument-checks";
import {
  checkName,
  Component,
  type ComponentOptions,
  MAXIMUM_NAME_LENGTH,
} from "../../../components/building-blocks/component";
import { WorkQueue } from "../../../components/building-blocks/work-queue";
import { attempt, deploy, only } from "../../support/mocks";

const QUEUE = { delaySeconds: 1, tags: { owner: "mail", team: "edge" } };

/** A component with one child, and a grandchild through a component of its own. */
class Outer extends Component {
  constructor(name: string, childName: string, opts?: ComponentOptions) {
    super("test", name, opts);
    new aws.sqs.Queue(childName, QUEUE, this.child);
    new Inner(this.named("inner"), this.child);
    this.registerOutputs({});
  }
}

class Inner extends Component {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("test", name, opts);
    new aws.sqs.Queue(this.named("queue"), {}, this.child);
    this.registerOutputs({});
  }
}

describe("Component", () => {
  it("is registered by its group and class, before its children", async () => {
    const { resources } = await deploy(() => new Outer("mail", "mail-queue"));
    const [first, ...others] = resources.map(({ type, name }) => `${type} ${name}`);
    assert.equal(first, "aws-patterns:test:Outer mail");
    assert.deepEqual(others.sort(), [
      "aws-patterns:test:Inner mail-inner",
      "aws:sqs/queue:Queue mail-inner-queue",
      "aws:sqs/queue:Queue mail-queue",
    ]);
  });

  for (const wrong of ["queue", "mailqueue", "other-mail-queue", "Mail-queue"]) {
    it(`refuses a child named "${wrong}", and says how it is to be named`, async () => {
      const { error, resources } = await attempt(() => new Outer("mail", wrong));
      assert.match(
        String(error),
        new RegExp(`aws:sqs/queue:Queue "${wrong}": a child of component "mail" is named "mail-<role>"`),
      );
      assert.ok(!resources.some(({ name }) => name === wrong));
    });
  }

  it("keeps the transformations that it is given", async () => {
    const seen: string[] = [];
    const transformations: pulumi.ResourceTransformation[] = [
      ({ name }) => {
        seen.push(name);
        return undefined;
      },
    ];
    await deploy(() => new Outer("mail", "mail-queue", { transformations }));
    assert.deepEqual(seen.sort(), ["mail", "mail-inner", "mail-inner-queue", "mail-queue"]);
  });

  it("hands its provider on to its children", async () => {
    const { resources } = await deploy(() => {
      const provider = new aws.Provider("elsewhere", { region: "eu-west-1" });
      return new Outer("mail", "mail-queue", { provider });
    });
    const queues = resources.filter(({ type }) => type === "aws:sqs/queue:Queue");
    assert.equal(queues.length, 2);
    for (const { provider } of queues) assert.match(provider, /::elsewhere::/);
  });
});

describe("the transform of a component", () => {
  const QUEUES = "aws:sqs/queue:Queue";
  const create = (transform: NonNullable<ComponentOptions["transform"]>) =>
    deploy(() => new Outer("mail", "mail-queue", { transform }));

  it("merges values into a child's arguments, and keeps nested ones", async () => {
    const { resources } = await create({ queue: { visibilityTimeoutSeconds: 60, tags: { owner: "web" } } });
    assert.deepEqual(only(resources, QUEUES, "mail-queue").inputs, {
      ...QUEUE,
      visibilityTimeoutSeconds: 60,
      tags: { owner: "web", team: "edge" },
    });
    assert.deepEqual(only(resources, QUEUES, "inner-queue").inputs, {});
  });

  it("reaches the children of a component's parts by their roles", async () => {
    const { resources } = await create({ "inner-queue": { delaySeconds: 7 } });
    assert.deepEqual(only(resources, QUEUES, "inner-queue").inputs, { delaySeconds: 7 });
  });

  it("takes a function of arguments, options and name, which changes neither's original", async () => {
    const elsewhere = await deploy(() => {
      const provider = new aws.Provider("elsewhere", { region: "eu-west-1" });
      const transform: ComponentOptions["transform"] = {
        queue: (args, opts, name) => {
          args.tags = { ...(args.tags as object), name };
          opts.provider = provider;
        },
      };
      return new Outer("mail", "mail-queue", { transform });
    });
    const { inputs, provider } = only(elsewhere.resources, QUEUES, "mail-queue");
    assert.deepEqual(inputs.tags, { owner: "mail", team: "edge", name: "mail-queue" });
    assert.match(provider, /::elsewhere::/);
    assert.deepEqual(QUEUE.tags, { owner: "mail", team: "edge" });
  });

  it("refuses roles that no child has, with the nearest one", async () => {
    for (const [role, fix] of [
      ["inner-queu", 'Did you mean "inner-queue"?'],
      ["inner", "Use one of the names"],
    ]) {
      const { error } = await attempt(() => new Outer("mail", "mail-queue", { transform: { [role ?? ""]: {} } }));
      assert.ok(String(error).includes(`transform.${role}: no child has that role. ${fix}`), String(error));
      assert.match(String(error), /"mail" has children with these roles: queue, inner-queue/);
    }
  });

  it("wins over what a building block holds to, as its doc comment says", async () => {
    const { resources } = await deploy(
      () =>
        new WorkQueue(
          "mail",
          { purpose: "mails to send", visibilityTimeoutSeconds: 60 },
          { transform: { queue: { sqsManagedSseEnabled: false } } },
        ),
    );
    assert.equal(only(resources, QUEUES, "mail-queue").inputs.sqsManagedSseEnabled, false);
  });
});

describe("checkName", () => {
  const wrong = (name: string): boolean => {
    const checks = new ArgumentChecks();
    checkName(checks, name);
    return checks.found().length > 0;
  };

  it("takes letters, digits and hyphens", () => {
    for (const name of ["a", "media", "Media-2-east", "m".repeat(MAXIMUM_NAME_LENGTH)])
      assert.equal(wrong(name), false, name);
  });

  it("refuses what physical names cannot be made from", () => {
    for (const name of [
      "",
      "2media",
      "-media",
      "media-",
      "my media",
      "média",
      "media.1",
      "m".repeat(MAXIMUM_NAME_LENGTH + 1),
    ]) {
      assert.equal(wrong(name), true, name);
    }
  });
});

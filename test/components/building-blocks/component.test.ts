import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentChecks } from "../../../components/internal/argument-errors";
import { checkName, Component, MAXIMUM_NAME_LENGTH } from "../../../components/building-blocks/component";
import { attempt, deploy } from "../../support/mocks";

/** A component with one child, and a grandchild through a component of its own. */
class Outer extends Component {
  constructor(name: string, childName: string, opts?: pulumi.ComponentResourceOptions) {
    super("test", name, opts);
    new aws.sqs.Queue(childName, {}, this.child);
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

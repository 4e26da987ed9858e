// Bundles a file as CDK's NodejsFunction does by default: node nodejs-function.mjs ENTRY PROJECT OUT. It runs where the
// project is, so that CDK finds the project's own esbuild, as it would in a CDK application.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { App, Stack } = require("aws-cdk-lib");
const { Architecture, Runtime } = require("aws-cdk-lib/aws-lambda");
const { NodejsFunction } = require("aws-cdk-lib/aws-lambda-nodejs");
// What `cdk init` writes into a new application.
const context = require("aws-cdk-lib/recommended-feature-flags.json");

const [entry, project, outdir] = process.argv.slice(2);
const app = new App({ context, outdir, analyticsReporting: false, treeMetadata: false });
new NodejsFunction(new Stack(app, "bench"), "reconcile", {
  entry,
  projectRoot: project,
  depsLockFilePath: `${project}/package-lock.json`,
  runtime: Runtime.NODEJS_24_X,
  architecture: Architecture.ARM_64,
});
app.synth();

import { subject } from "../subjects";
import { UNKNOWN, type Value, type Values } from "../../../policy/values";
import { right, type RuleSamples, wrong } from "./sample";

const FUNCTION = "aws:lambda/function:Function";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const PROJECT = "aws:codebuild/project:Project";

const environment = (variables: Values): Values => ({ environment: { variables } });
const holds = (name: string, value: string) =>
  wrong(FUNCTION, environment({ TABLE: "orders", [name]: value }), `environment.variables.${name}`, "(hidden)");
const container = (name: string, value: Value): Values => ({
  containerDefinitions: JSON.stringify([
    {
      name: "web",
      environment: [
        { name: "PORT", value: "80" },
        { name, value },
      ],
    },
  ]),
});
const built = (name: string, value: string, type?: string): Values => ({
  environment: { environmentVariables: [{ name, value, ...(type === undefined ? {} : { type }) }] },
});

/** Put together here, so that no scanner takes them for real ones. */
const TOKENS: Readonly<Record<string, string>> = {
  aws: `AKIA${"ABCDEFGH".repeat(2)}`,
  github: `ghp_${"a1B2".repeat(9)}`,
  githubFine: `github_pat_${"a1B2".repeat(8)}`,
  gitlab: `glpat-${"a1B2".repeat(5)}`,
  slack: `xoxb-${"1234567890"}-abcdef`,
  slackHook: `https://hooks.slack.com/services/${"T00000000/B00000000/XXXXXXXX"}`,
  stripe: `sk_live_${"a1B2".repeat(6)}`,
  openai: `sk-proj-${"a1B2".repeat(10)}`,
  sendgrid: `SG.${"a1B2".repeat(5)}.${"a1B2".repeat(10)}`,
  npm: `npm_${"a1B2".repeat(9)}`,
  pulumi: `pul-${"a1b2".repeat(10)}`,
  jwt: `eyJ${"hbGciOiJ"}.eyJ${"zdWIiOiI"}.${"a1B2".repeat(4)}`,
  pem: "-----BEGIN RSA PRIVATE KEY-----\nMII",
  url: "postgres://app:hunter2@db.example.com/app",
  redis: "redis://:hunter2@cache.example.com:6379",
  odbc: "Server=db;Database=app;User=app;Password=hunter2",
};

export const secretSamples: Readonly<Record<string, RuleSamples>> = {
  "no-secrets-in-environment": {
    passes: [
      right(FUNCTION, {}),
      ...Object.entries({
        DB_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:111111111111:secret:db-1a2b3c",
        DB_PASSWORD: "arn:aws:secretsmanager:us-east-1:111111111111:secret:db-1a2b3c",
        DB_PASSWORD_PARAMETER: "prod-db-password",
        API_KEY: "/prod/api/key",
        API_TOKEN: "prod/api/token",
        TOKEN_URL: "https://login.example.com/oauth/token",
        TOKEN_TTL_SECONDS: "3600",
        USE_TOKEN: "true",
        MAX_TOKEN: "4096",
        PARTITION_KEY: "pk",
        SORT_KEY: "sk",
        KMS_KEY_ID: "alias/app",
        SIGNING_KEY: "alias/app",
        SECRETS_EXTENSION_HTTP_PORT: "2773",
        TABLE: "passwords",
        DB_URL: "postgres://db.example.com:5432/app",
        CLIENT_SECRET: "",
        ENCRYPTED_PASSWORD: "AQICAHhAbc123==",
      }).map(([name, value]) => right(FUNCTION, environment({ [name]: value }))),
      right(FUNCTION, environment({ PASSWORD: UNKNOWN })),
      right(FUNCTION, environment({ __defaults: [], LOG_LEVEL: "info" })),
      right(TASK, container("DB_SECRET_ARN", "arn:aws:secretsmanager:us-east-1:111111111111:secret:db")),
      right(TASK, {
        containerDefinitions: JSON.stringify([{ secrets: [{ name: "DB_PASSWORD", valueFrom: "arn:x" }] }]),
      }),
      right(PROJECT, built("NPM_TOKEN", "npm-token-name", "SECRETS_MANAGER")),
      right(PROJECT, built("NPM_TOKEN", "npm-token-name", "PARAMETER_STORE")),
      { subject: subject(FUNCTION, environment({ A: UNKNOWN }), { secrets: new Set(["environment.variables.A"]) }) },
      {
        subject: subject(FUNCTION, environment({ A: "x" }), {
          secrets: new Set(["tags.A", "environment.variables.B"]),
        }),
      },
    ],
    fails: [
      ...[
        "PASSWORD",
        "DB_PASSWORD",
        "dbPassword",
        "PGPASSWORD",
        "MYSQL_PWD",
        "API_KEY",
        "apiKey",
        "GITHUB_TOKEN",
        "CLIENT_SECRET",
        "JWT_SECRET_2",
        "PRIVATE_KEY",
        "AWS_SECRET_ACCESS_KEY",
        "STORAGE_ACCOUNT_KEY",
        "SMTP_CREDENTIALS",
      ].map((name) => holds(name, "hunter2")),
      ...Object.values(TOKENS).map((value) => holds("SETTING", value)),
      wrong(TASK, container("DB_PASSWORD", "hunter2"), "containerDefinitions[0].environment[1].value", "(hidden)"),
      wrong(PROJECT, built("NPM_TOKEN", "hunter2"), "environment.environmentVariables[0].value", "(hidden)"),
      wrong(
        PROJECT,
        built("NPM_TOKEN", "hunter2", "PLAINTEXT"),
        "environment.environmentVariables[0].value",
        "(hidden)",
      ),
      wrong(
        "aws:apprunner/service:Service",
        {
          sourceConfiguration: {
            imageRepository: { imageConfiguration: { runtimeEnvironmentVariables: { API_KEY: "hunter2" } } },
          },
        },
        "sourceConfiguration.imageRepository.imageConfiguration.runtimeEnvironmentVariables.API_KEY",
        "(hidden)",
      ),
    ],
  },
};

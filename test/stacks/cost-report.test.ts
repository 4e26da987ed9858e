import * as assert from "node:assert/strict";
import { faultsIn, valid } from "../support/configurations";

const ACCOUNTS = { management: { id: "111111111111" } };

const MINIMAL = {
  sender: { address: "aws-costs@example.com" },
  recipients: [{ address: "finance@example.com" }],
};

function withArgs(args: object): Record<string, unknown> {
  return { costs: { pattern: "cost-report", account: "management", args: { ...MINIMAL, ...args } } };
}

/** Places, values and advice of what is wrong with an entry. */
function reported(args: object): [path: string, received: string, allowed: string, fix: string][] {
  return faultsIn(ACCOUNTS, withArgs(args)).map(({ path, received, allowed, fix }) => [
    path.replace("aws-patterns:patterns.costs.args.", ""),
    received,
    allowed,
    fix,
  ]);
}

const places = (args: object): string[] => reported(args).map(([path]) => path);

describe("cost-report in a stack file", () => {
  it("takes a sender and recipients, and every other setting", () => {
    valid(ACCOUNTS, withArgs({}));
    valid(
      ACCOUNTS,
      withArgs({
        sender: {
          address: "aws-costs@example.com",
          name: "AWS costs",
          verification: { kind: "domain", hostedZone: { id: "Z1" } },
        },
        recipients: [{ address: "web@example.com", accounts: ["222222222222"] }],
        replyTo: "finops@example.com",
        verifyRecipients: false,
        schedule: { expression: "rate(1 day)", timeZone: "UTC", flexibleMinutes: 0 },
        title: "Costs",
        subject: "{title}: {total}",
        otherRecordTypes: ["Quantum Rebate"],
        metric: "NetUnblendedCost",
        recordTypes: { include: ["Usage"] },
        accounts: { exclude: ["333333333333"] },
        knownAccounts: { "222222222222": { name: "web" } },
        ownerTag: "owner",
        lookUpNames: true,
        billingRole: { roleArn: "arn:aws:iam::222222222222:role/cost-reader" },
        settlingDays: 2,
        trendDays: 10,
        bands: [1, 2, 3, 4],
        accountsInline: 3,
        servicesInline: 3,
        monthQuery: "shared",
        links: [{ label: "Dashboard", url: "https://costs.example.com" }],
        archive: { prefix: "costs/", keepDays: 30, keepAfterDestroy: false },
        alarmTopicArns: ["arn:aws:sns:us-east-1:111111111111:alarms"],
      }),
    );
    for (const verification of [{ kind: "link" }, { kind: "existing", identity: "domain" }]) {
      valid(ACCOUNTS, withArgs({ sender: { address: "aws-costs@example.com", verification } }));
    }
  });

  it("asks for what is missing", () => {
    const found = faultsIn(ACCOUNTS, { costs: { pattern: "cost-report", account: "management" } });
    assert.deepEqual(
      found.map(({ path, received }) => [path, received]),
      [
        ["aws-patterns:patterns.costs.args.recipients", "nothing"],
        ["aws-patterns:patterns.costs.args.sender", "nothing"],
      ],
    );
    for (const { fix } of found) assert.match(fix, /^Add it\./);
  });

  it("locates what has the wrong shape", () => {
    assert.deepEqual(
      reported({ recipients: [{ adress: "finance@example.com" }] }).map(([path, , , fix]) => [path, fix]),
      [
        ["recipients[0].address", "Add it. Give one address, without a display name."],
        ["recipients[0].adress", 'Did you mean "address"?'],
      ],
    );
    assert.deepEqual(places({ recipients: [{ address: "Finance <finance@example.com>" }] }), ["recipients[0].address"]);
    assert.deepEqual(
      reported({ metric: "unblendedCost" }).map(([path, , , fix]) => [path, fix]),
      [["metric", 'Did you mean "UnblendedCost"?']],
    );
    assert.deepEqual(reported({ bands: [2, 5, 10] }), [["bands", "[2,5,10]", "at least 4 entries", "Give more."]]);
    assert.equal(reported({ bands: [2, 5, 10, 15, 20] })[0]?.[2], "at most 4 entries");
    assert.deepEqual(places({ bands: [2, 5, 10, "15"] }), ["bands[3]"]);
    assert.deepEqual(reported({ accounts: { only: ["1"] } })[0]?.[2], "a map with either include, or exclude");
    assert.deepEqual(reported({ recordTypes: { include: ["Usage"], exclude: ["Tax"] } })[0]?.[0], "recordTypes");
    assert.deepEqual(places({ recipients: [{ address: "a@example.com", accounts: [111111111111] }] }), [
      "recipients[0].accounts[0]",
    ]);
    const at = "sender.verification";
    const verification = (value: unknown) => reported({ sender: { address: "a@example.com", verification: value } });
    assert.deepEqual(verification("link"), [
      [at, '"link"', "a map with a kind: link, domain or existing", "For example { kind: link }."],
    ]);
    assert.deepEqual(verification({ kind: "domian" })[0]?.slice(0, 2), [`${at}.kind`, '"domian"']);
    assert.deepEqual(verification({ kind: "domain" })[0]?.slice(0, 2), [`${at}.hostedZone`, "nothing"]);
    assert.deepEqual(verification({ kind: "existing" })[0]?.slice(0, 2), [`${at}.identity`, "nothing"]);
  });

  it("locates what the component would refuse, before anything is deployed", () => {
    assert.deepEqual(
      places({
        recipients: [{ address: "web@example.com", accounts: ["222222222222"] }],
        accounts: { include: ["111111111111"] },
        schedule: { timeZone: "Mars" },
        archive: { keepDays: 0 },
      }),
      ["schedule.timeZone", "archive.keepDays", "recipients[0].accounts[0]"],
    );
  });

  it("says which name is meant", () => {
    const [[path = "", received, , fix = ""] = []] = reported({ recordTypes: { exclude: ["credit"] } });
    assert.deepEqual([path, received], ["recordTypes.exclude[0]", '"credit"']);
    assert.match(fix, /^Did you mean "Credit"\?/);
    assert.deepEqual(
      reported({ monthQuery: "Auto" }).map(([at, , , how]) => [at, how]),
      [["monthQuery", 'Did you mean "auto"?']],
    );
  });

  it("says what is wrong with a schedule", () => {
    const [[path = "", , , fix = ""] = []] = reported({ schedule: { expression: "cron(18 25 * * ? *)" } });
    assert.deepEqual([path, fix], ["schedule.expression", 'Correct the expression: "25" is no hours field.']);
  });
});

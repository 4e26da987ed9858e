import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentsError } from "../../../components/internal/argument-checks";
import { CostReport, type CostReportArgs, type ReportSender } from "../../../components/cost-report/cost-report";
import { DEFAULTS } from "../../../components/cost-report/args.schema";
import { checkCostReport } from "../../../components/cost-report/checks";
import { RECORD_TYPES } from "../../../components/cost-report/record-types";
import { DEFAULTS as SETTINGS } from "../../../handlers/cost-report/settings";
import { attempt } from "../../support/mocks";

const MINIMAL: CostReportArgs = {
  sender: { address: "aws-costs@example.com" },
  recipients: [{ address: "finance@example.com" }],
};

function wrong(args: Partial<CostReportArgs>): string[] {
  const found = checkCostReport({ ...MINIMAL, ...args }).found();
  for (const { allowed, fix } of found) assert.ok(allowed !== "" && fix !== "");
  return found.map(({ path }) => path);
}

const wrongSender = (sender: Partial<ReportSender>): string[] =>
  wrong({ sender: { ...MINIMAL.sender, ...sender } }).map((path) => path.replace("sender.", ""));

describe("the arguments of CostReport", () => {
  it("are right when they are minimal", () => assert.deepEqual(wrong({}), []));

  it("have the defaults that the function has", () => {
    const { metric, title, subject, settlingDays, trendDays, bands, accountsInline, servicesInline, monthQuery } =
      SETTINGS;
    const own = { metric, title, subject, settlingDays, trendDays, bands, accountsInline, servicesInline, monthQuery };
    const { verifyRecipients: _, lookUpNames, ...declared } = DEFAULTS.CostReportArgs;
    assert.deepEqual(declared, own);
    assert.equal(lookUpNames, SETTINGS.organizations.lookup);
    assert.equal(DEFAULTS.ReportSchedule.timeZone, SETTINGS.timeZone);
    assert.equal(DEFAULTS.ReportArchive.prefix, SETTINGS.prefix);
  });

  it("have 1 to 50 recipients, each address once, whatever its case", () => {
    const people = (count: number) => Array.from({ length: count }, (_, i) => ({ address: `person${i}@example.com` }));
    assert.deepEqual(wrong({ recipients: people(50) }), []);
    assert.deepEqual(wrong({ recipients: people(51) }), ["recipients"]);
    assert.deepEqual(wrong({ recipients: [] }), ["recipients"]);
    assert.deepEqual(wrong({ recipients: [{ address: "a@example.com" }, { address: "A@Example.com" }] }), [
      "recipients[1].address",
    ]);
  });

  it("have mail addresses without display names", () => {
    for (const address of ["", "finance", "finance@", "@example.com", "F <f@example.com>", "a@b@c d", "a@localhost"]) {
      assert.deepEqual(wrong({ recipients: [{ address }] }), ["recipients[0].address"], address);
      assert.deepEqual(wrongSender({ address }), ["address"], address);
      assert.deepEqual(wrong({ replyTo: address }), ["replyTo"], address);
    }
    assert.deepEqual(wrong({ replyTo: "o'hara+costs@sub.example.com" }), []);
  });

  it("limit recipients to accounts that are reported", () => {
    const limited = (accounts: string[], all?: CostReportArgs["accounts"]) =>
      wrong({
        recipients: [{ address: "a@example.com" }, { address: "web@example.com", accounts }],
        ...(all === undefined ? {} : { accounts: all }),
      });
    const at = "recipients[1].accounts";
    assert.deepEqual(limited(["111111111111", "012345678901"]), []);
    assert.deepEqual(limited([]), [at]);
    assert.deepEqual(limited(["12345678901"]), [`${at}[0]`]);
    assert.deepEqual(limited(["111111111111", "111111111111"]), [`${at}[1]`]);
    assert.deepEqual(limited(["111111111111"], { include: ["111111111111"] }), []);
    assert.deepEqual(limited(["111111111111"], { include: ["222222222222"] }), [`${at}[0]`]);
    assert.deepEqual(limited(["111111111111"], { exclude: ["222222222222"] }), []);
    // One by one, so that each is named.
    assert.deepEqual(limited(["111111111111", "222222222222"], { exclude: ["111111111111", "222222222222"] }), [
      `${at}[0]`,
      `${at}[1]`,
    ]);
  });

  it("name accounts by ids of 12 digits", () => {
    for (const [place, ids] of [
      ["", []],
      ["[0]", ["1"]],
      ["[1]", ["111111111111", "edge"]],
      ["[1]", ["111111111111", "111111111111"]],
    ] as const) {
      assert.deepEqual(wrong({ accounts: { include: [...ids] } }), [`accounts.include${place}`]);
      assert.deepEqual(wrong({ accounts: { exclude: [...ids] } }), [`accounts.exclude${place}`]);
    }
    assert.deepEqual(wrong({ knownAccounts: { edge: { name: "edge" } } }), ["knownAccounts.edge"]);
    assert.deepEqual(wrong({ knownAccounts: {} }), []);
    assert.deepEqual(wrong({ knownAccounts: { "012345678901": { owner: "edge@example.com" } } }), []);
  });

  it("name record types, each once", () => {
    assert.deepEqual(wrong({ recordTypes: { exclude: ["Credit", "Refund"] } }), []);
    assert.deepEqual(wrong({ recordTypes: { exclude: [...RECORD_TYPES] } }), []);
    for (const [place, names] of [
      ["", []],
      ["[0]", [" "]],
      ["[1]", ["Credit", "Credit"]],
      ["[0]", ["credit"]],
    ] as const) {
      assert.deepEqual(wrong({ recordTypes: { exclude: [...names] } }), [`recordTypes.exclude${place}`]);
      assert.deepEqual(wrong({ recordTypes: { include: [...names] } }), [`recordTypes.include${place}`]);
    }
  });

  it("name what Cost Explorer knows, and are given the nearest name where it does not", () => {
    const fixes = (args: object): string[] => {
      const found = checkCostReport({ ...MINIMAL, ...args }).found();
      return found.map(
        ({ fix }) => /Did you mean (\S+|".*?")\?|Did you mean ({\w+})/.exec(fix)?.slice(1).find(Boolean) ?? fix,
      );
    };
    const meant = {
      credit: "Credit",
      CREDITS: "Credit",
      Refunds: "Refund",
      tax: "Tax",
      "savings plan negation": "SavingsPlanNegation",
      Savings_Plan_Recurring_Fee: "SavingsPlanRecurringFee",
      "enterprise discount program discounts": "Enterprise Discount Program Discount",
      "Discounted Usage": "DiscountedUsage",
    };
    for (const [name, known] of Object.entries(meant)) {
      for (const choice of ["include", "exclude"]) {
        assert.deepEqual(fixes({ recordTypes: { [choice]: ["Usage", name] } }), [`"${known}"`], name);
      }
    }
    assert.deepEqual(fixes({ metric: "unblended_cost" }), ['"UnblendedCost"']);
    assert.deepEqual(fixes({ metric: "AMORTIZEDCOST" }), ['"AmortizedCost"']);
    assert.deepEqual(fixes({ monthQuery: "seperate" }), ['"separate"']);
    assert.deepEqual(fixes({ sender: { ...MINIMAL.sender, verification: { kind: "Domain" } } }), ['"domain"']);
    assert.deepEqual(
      fixes({ sender: { ...MINIMAL.sender, verification: { kind: "existing", identity: "domains" } } }),
      ['"domain"'],
    );
    for (const timeZone of ["europe/berlin", "Berlin", "Europe/Berlyn", "Europe Berlin"]) {
      assert.deepEqual(fixes({ schedule: { timeZone } }), ['"Europe/Berlin"'], timeZone);
    }
    const recipients = [{ address: "web@example.com", accounts: ["222222222223"] }];
    assert.deepEqual(fixes({ recipients, accounts: { include: ["222222222222"] } }), ['"222222222222"']);
    assert.deepEqual(fixes({ subject: "{Total}" }), ["{total}"]);
    assert.deepEqual(fixes({ subject: "{month_to_date}" }), ["{monthToDate}"]);
  });

  it("name a record type that is newer than the list where it is said to be one", () => {
    const recordTypes = { exclude: ["Quantum Rebate"] };
    const [fault] = checkCostReport({ ...MINIMAL, recordTypes }).found();
    assert.deepEqual([fault?.path, fault?.received], ["recordTypes.exclude[0]", "Quantum Rebate"]);
    assert.match(fault?.fix ?? "", /otherRecordTypes/);
    assert.deepEqual(wrong({ recordTypes, otherRecordTypes: ["Quantum Rebate"] }), []);
    assert.deepEqual(wrong({ otherRecordTypes: [""] }), ["otherRecordTypes[0]"]);
    assert.deepEqual(wrong({ otherRecordTypes: ["A", "A"] }), ["otherRecordTypes[1]"]);
  });

  it("have a subject of one line, with placeholders that there are", () => {
    for (const subject of [
      "Costs",
      "{title} {day}: {total} ({change})",
      "Kosten: {monthToDate} → {forecast}",
      "a".repeat(200),
    ]) {
      assert.deepEqual(wrong({ subject }), [], subject);
    }
    for (const subject of [
      "",
      " ",
      "a\nb",
      "a\u2028b",
      "a".repeat(201),
      "{total",
      "total}",
      "{{total}}",
      "{}",
      "{ total }",
      "{sum}",
    ]) {
      assert.ok(wrong({ subject }).length > 0 && wrong({ subject }).every((it) => it === "subject"), subject);
    }
  });

  it("bound what is written into the mail", () => {
    const links = (count: number) =>
      Array.from({ length: count }, () => ({ label: "Costs", url: "https://example.com" }));
    assert.deepEqual(wrong({ links: links(10) }), []);
    assert.deepEqual(wrong({ links: links(11) }), ["links"]);
    assert.deepEqual(wrong({ links: [{ label: "a".repeat(101), url: "https://example.com" }] }), ["links[0].label"]);
    const url = `https://example.com/${"a".repeat(2000)}`;
    assert.deepEqual(wrong({ links: [{ label: "a", url }] }), ["links[0].url"]);
    for (const text of ["", "a".repeat(129), "a\nb"]) {
      const known = { "222222222222": { name: text, owner: "web" } };
      assert.deepEqual(wrong({ knownAccounts: known }), ["knownAccounts.222222222222.name"]);
    }
    assert.deepEqual(wrong({ title: " " }), ["title"]);
  });

  it("have a sender with a name that fits a mail's header", () => {
    for (const name of ["AWS costs", "Costs, AWS (daily)", "Kosten für Müller & Söhne", "a".repeat(128)]) {
      assert.deepEqual(wrongSender({ name }), [], name);
    }
    for (const name of ["", 'a "b"', "a <b>", "a\nb", "a\\b", "a".repeat(129)]) {
      assert.deepEqual(wrongSender({ name }), ["name"], name);
    }
  });

  it("verify the sender in a zone that its domain belongs to", () => {
    const zone = (name: string, address = "aws@reports.example.com") =>
      wrongSender({ address, verification: { kind: "domain", hostedZone: { name } } });
    for (const name of ["reports.example.com", "example.com", "Example.com."]) assert.deepEqual(zone(name), []);
    for (const name of ["other.com", "ports.example.com", "a.reports.example.com"]) {
      assert.deepEqual(zone(name), ["verification.hostedZone.name"]);
    }
    assert.deepEqual(zone("example.com", "aws@Example.COM"), []);
    const hostedZone = { id: pulumi.output("Z1") };
    assert.deepEqual(wrongSender({ verification: { kind: "domain", hostedZone } }), []);
    const given = (id: string): string[] => wrongSender({ verification: { kind: "domain", hostedZone: { id } } });
    for (const id of ["Z1", "/hostedzone/Z1"]) assert.deepEqual(given(id), []);
    for (const id of ["", "/hostedzone/", "/change/C1"])
      assert.deepEqual(given(id), ["verification.hostedZone.id"], id);
    assert.deepEqual(wrongSender({ verification: { kind: "existing", identity: "domain" } }), []);
  });

  it("come back, at a time that exists", () => {
    assert.deepEqual(wrong({ schedule: { expression: "rate(1 day)", timeZone: "Asia/Tokyo" } }), []);
    for (const expression of ["daily", "cron(18 11 * * *)", "at(2026-11-01T11:18:00)"]) {
      assert.deepEqual(wrong({ schedule: { expression } }), ["schedule.expression"]);
    }
    for (const timeZone of ["", "Europe/Atlantis", "+02:00"]) {
      assert.deepEqual(wrong({ schedule: { timeZone } }), ["schedule.timeZone"]);
    }
    for (const flexibleMinutes of [0, 1440]) assert.deepEqual(wrong({ schedule: { flexibleMinutes } }), []);
    for (const flexibleMinutes of [-1, 1441, 1.5]) {
      assert.deepEqual(wrong({ schedule: { flexibleMinutes } }), ["schedule.flexibleMinutes"]);
    }
  });

  it("have numbers in range", () => {
    const ranges = {
      settlingDays: [1, 7],
      trendDays: [2, 28],
      accountsInline: [1, 50],
      servicesInline: [1, 30],
    } as const;
    for (const [path, [minimum, maximum]] of Object.entries(ranges)) {
      for (const value of [minimum, maximum]) assert.deepEqual(wrong({ [path]: value }), []);
      for (const value of [minimum - 1, maximum + 1, minimum + 0.5, NaN]) {
        assert.deepEqual(wrong({ [path]: value }), [path]);
      }
    }
    for (const keepDays of [1, 3650]) assert.deepEqual(wrong({ archive: { keepDays } }), []);
    for (const keepDays of [0, 3651, 1.5]) assert.deepEqual(wrong({ archive: { keepDays } }), ["archive.keepDays"]);
  });

  it("have bands that ascend", () => {
    assert.deepEqual(wrong({ bands: [0.5, 1, 2, 1000] }), []);
    assert.deepEqual(wrong({ bands: [2, 2, 10, 15] }), ["bands"]);
    assert.deepEqual(wrong({ bands: [2, 10, 5, 15] }), ["bands"]);
    assert.deepEqual(wrong({ bands: [0, 5, 10, 15] }), ["bands[0]"]);
    assert.deepEqual(wrong({ bands: [2, 5, 10, 1001] }), ["bands[3]"]);
    assert.deepEqual(wrong({ bands: [2, 5, NaN, 15] }), ["bands[2]"]);
  });

  it("have a title of one line, and links that can be followed", () => {
    for (const title of ["", "a\nb", "a".repeat(101)]) assert.deepEqual(wrong({ title }), ["title"]);
    assert.deepEqual(wrong({ title: "Kosten von AWS" }), []);
    const link = (label: string, url: string) => wrong({ links: [{ label, url }] });
    assert.deepEqual(link("Costs", "https://costs.example.com/?a=b"), []);
    for (const url of ["", "costs.example.com", "http://example.com", "javascript:alert(1)"]) {
      assert.deepEqual(link("Costs", url), ["links[0].url"]);
    }
    assert.deepEqual(link(" ", "https://example.com"), ["links[0].label"]);
  });

  it("have a prefix that policies and lifecycle rules can name", () => {
    for (const prefix of ["", "costs/", "finance/aws-costs_1.0/"]) assert.deepEqual(wrong({ archive: { prefix } }), []);
    for (const prefix of ["costs", "/costs/", "co*sts/", "co?sts/", "a b/", "${aws:username}/"]) {
      assert.deepEqual(wrong({ archive: { prefix } }), ["archive.prefix"], prefix);
    }
  });

  it("name a role to read costs with, and an external id that IAM takes", () => {
    const role = (roleArn: string, externalId?: string) =>
      wrong({ billingRole: { roleArn, ...(externalId === undefined ? {} : { externalId }) } });
    const arn = "arn:aws:iam::111111111111:role/finance/cost-reader";
    assert.deepEqual(role(arn, "costs:2026"), []);
    for (const other of ["cost-reader", "arn:aws:iam::1:role/a", "arn:aws:iam::111111111111:user/a", `${arn}/*`]) {
      assert.deepEqual(role(other), ["billingRole.roleArn"]);
    }
    for (const id of ["", "a", "a b", "a".repeat(1225)]) assert.deepEqual(role(arn, id), ["billingRole.externalId"]);
  });

  it("look for owners only where names are looked up", () => {
    assert.deepEqual(wrong({ ownerTag: "cost owner:1" }), []);
    for (const ownerTag of ["", "a;b", "a".repeat(129)]) assert.deepEqual(wrong({ ownerTag }), ["ownerTag"]);
    assert.deepEqual(wrong({ ownerTag: "owner", lookUpNames: false }), ["ownerTag"]);
    assert.deepEqual(wrong({ lookUpNames: false }), []);
  });

  const refused = async (name: string, args: CostReportArgs, stack = "test"): Promise<ArgumentsError> => {
    const { error, resources } = await attempt(() => new CostReport(name, args), { stack });
    assert.deepEqual(resources, []);
    assert.ok(error instanceof ArgumentsError);
    return error;
  };

  it("come with a name that physical names can be made from", async () => {
    for (const name of ["a-name-that-is-too-long", "my costs", "2costs"]) {
      const { errors } = await refused(name, MINIMAL);
      assert.deepEqual(
        errors.map(({ path, received }) => [path, received]),
        [["name", name]],
      );
    }
  });

  it("come with a name that, after project and stack, SES takes for a configuration set", async () => {
    for (const stack of ["s".repeat(41), "stack.of.dots"]) {
      const { errors } = await refused("costs", MINIMAL, stack);
      assert.deepEqual(
        errors.map(({ path, received }) => [path, received]),
        [["name", `aws-patterns-${stack}-costs-mail`]],
      );
    }
  });

  it("are refused all together, before anything is registered", async () => {
    const error = await refused("My costs", {
      sender: {
        address: "nobody",
        name: '"',
        verification: { kind: "domain", hostedZone: { name: "example.org" } },
      },
      recipients: [{ address: "a" }, { address: "a@example.com", accounts: ["1"] }],
      replyTo: "b",
      schedule: { expression: "cron(* * * * * *)", timeZone: "Mars", flexibleMinutes: -1 },
      title: "",
      subject: "{",
      otherRecordTypes: [""],
      recordTypes: { include: [] },
      accounts: { include: ["2"] },
      knownAccounts: { x: {} },
      ownerTag: "",
      lookUpNames: false,
      billingRole: { roleArn: "r", externalId: "" },
      settlingDays: 0,
      trendDays: 1,
      bands: [4, 3, 2, 1],
      accountsInline: 0,
      servicesInline: 0,
      links: [{ label: "", url: "x" }],
      archive: { prefix: "/", keepDays: 0 },
    });
    const paths = error.errors.map(({ path }) => path);
    assert.deepEqual(paths, [
      "recipients[0].address",
      "recipients[1].accounts[0]",
      "sender.address",
      "sender.name",
      "replyTo",
      "schedule.expression",
      "schedule.timeZone",
      "schedule.flexibleMinutes",
      "title",
      "recordTypes.include",
      "otherRecordTypes[0]",
      "accounts.include[0]",
      "knownAccounts.x",
      "ownerTag",
      "billingRole.roleArn",
      "billingRole.externalId",
      "settlingDays",
      "trendDays",
      "accountsInline",
      "servicesInline",
      "links[0].label",
      "links[0].url",
      "archive.prefix",
      "archive.keepDays",
      "sender.verification.hostedZone.name",
      "subject",
      "ownerTag",
      "bands",
      "name",
    ]);
    const [first, ...lines] = error.message.split("\n");
    assert.equal(first, 'CostReport "My costs": 29 wrong arguments');
    for (const [i, line] of lines.entries()) {
      assert.ok(line.startsWith(`  ${paths[i]}: received `), line);
      assert.match(line, /; allowed: .+\. [A-Z].+\.$/);
    }
  });
});

import * as assert from "node:assert/strict";
import { identifyAccounts } from "../../../handlers/cost-report/accounts";
import type { AccountReader } from "../../../handlers/cost-report/apis";
import { emptyAccount } from "../../../handlers/cost-report/costs";
import { Missing } from "../../../handlers/cost-report/missing";
import type { FullSettings } from "../../../handlers/cost-report/settings";
import { type Call, OutOfTimeError } from "../../../handlers/shared/retry";
import { awsError } from "../../../fakes/wire";
import { RecordingTelemetry } from "./support/telemetry";

const once: Call = (_, operation) => operation();
const accounts = ["1", "2", "3"].map((id) => emptyAccount(id, 7));
const inAnswer = new Map([
  ["1", "one in the answer"],
  ["2", "two in the answer"],
]);

type Pages = readonly (readonly [id: string, name: string])[][];

function organization(pages: Pages, tags: Readonly<Record<string, string>> = {}, error?: Error) {
  const asked: string[] = [];
  return {
    asked,
    listAccounts: async ({ NextToken }: { NextToken?: string | undefined }) => {
      if (error !== undefined) throw error;
      const page = Number(NextToken ?? 0);
      return {
        Accounts: pages[page]?.map(([Id, Name]) => ({ Id, Name })),
        ...(page + 1 < pages.length && { NextToken: String(page + 1) }),
      };
    },
    listTagsForResource: async ({ ResourceId = "" }: { ResourceId?: string | undefined }) => {
      asked.push(ResourceId);
      return {
        Tags: [{ Key: "other", Value: "x" }, ...(tags[ResourceId] ? [{ Key: "team", Value: tags[ResourceId] }] : [])],
      };
    },
  };
}

async function identify(settings: Partial<Pick<FullSettings, "organizations" | "knownAccounts">>, api: AccountReader) {
  const telemetry = new RecordingTelemetry();
  const full = { organizations: { lookup: true }, ...settings };
  const missing = new Missing(telemetry);
  const found = await identifyAccounts(accounts, inAnswer, full, api, once, missing);
  return {
    telemetry,
    notes: missing.notes,
    names: found.map(({ name }) => name),
    owners: found.map(({ owner }) => owner),
  };
}

describe("identifyAccounts", () => {
  const pages: Pages = [[["1", "one"]], [["2", "two"]], [["9", "not in the report"]]];

  it("takes names from Organizations, every page, then from the answer, then the id", async () => {
    assert.deepEqual((await identify({}, organization(pages))).names, ["one", "two", "3"]);
  });

  it("lets configuration win, for name and owner each by itself", async () => {
    const knownAccounts = { "1": { name: "first" }, "2": { owner: "Ops" }, "3": { name: "third", owner: "Dev" } };
    const settings = { knownAccounts, organizations: { lookup: true, ownerTag: "team" } };
    const { names, owners } = await identify(settings, organization(pages, { "1": "Data", "2": "Web" }));
    assert.deepEqual(names, ["first", "two", "third"]);
    assert.deepEqual(owners, ["Data", "Ops", "Dev"]);
  });

  it("asks for tags only where an owner tag is configured, and only of the report's accounts", async () => {
    const without = organization(pages, { "1": "Data" });
    await identify({}, without);
    assert.deepEqual(without.asked, []);
    const withTag = organization(pages, { "1": "Data" });
    const { owners } = await identify({ organizations: { lookup: true, ownerTag: "team" } }, withTag);
    assert.deepEqual(
      [withTag.asked, owners],
      [
        ["1", "2"],
        ["Data", undefined, undefined],
      ],
    );
  });

  it("goes on where Organizations may not be asked or does not answer, and says so", async () => {
    const cases: [Error, RegExp, number][] = [
      [awsError("AccessDeniedException"), /^Names of accounts may be missing: .* may not be asked/, 0],
      [awsError("ServiceException", "Internal error", 500), /Organizations does not answer \(ServiceException\)/, 1],
      [awsError("TooManyRequestsException"), /does not answer \(TooManyRequestsException\)/, 1],
      [new OutOfTimeError("listing the accounts", 1), /does not answer \(OutOfTimeError\)/, 1],
    ];
    for (const [error, note, count] of cases) {
      const { names, notes, telemetry } = await identify({}, organization(pages, {}, error));
      assert.deepEqual(names, ["one in the answer", "two in the answer", "3"]);
      assert.match(notes.join(), note);
      assert.deepEqual([telemetry.warnings().length, telemetry.sum("PartsMissing")], [1, count]);
    }
  });

  it("lacks nothing where there is no organization", async () => {
    const error = awsError("AWSOrganizationsNotInUseException");
    const { names, notes } = await identify({}, organization(pages, {}, error));
    assert.deepEqual([names, notes], [["one in the answer", "two in the answer", "3"], []]);
  });

  it("keeps the names where it cannot read the owners", async () => {
    const api = { ...organization(pages), listTagsForResource: () => Promise.reject(awsError("ThrottlingException")) };
    const { names, notes } = await identify({ organizations: { lookup: true, ownerTag: "team" } }, api);
    assert.deepEqual(names, ["one", "two", "3"]);
    assert.match(notes.join(), /^Names and owners of accounts may be missing/);
  });

  it("does not ask where the lookup is off", async () => {
    const error = new Error("asked");
    const { names } = await identify({ organizations: { lookup: false } }, organization(pages, {}, error));
    assert.deepEqual(names, ["one in the answer", "two in the answer", "3"]);
  });

  it("is not misled by an account that is called like a property of objects", async () => {
    const odd = [emptyAccount("constructor", 7)];
    const settings = { organizations: { lookup: false }, knownAccounts: {} };
    const [found] = await identifyAccounts(
      odd,
      new Map(),
      settings,
      organization([]),
      once,
      new Missing(new RecordingTelemetry()),
    );
    assert.equal(found?.name, "constructor");
  });
});

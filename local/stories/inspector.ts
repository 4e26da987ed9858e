/** Inspector's findings, twice, late and out of order: in the table once, reported once, by topic and mail. */
import type { InspectorScanningArgs } from "../../components/inspector/inspector";
import { prepareZone } from "./account";
import { Inbox, type Mail } from "./cost-report/inbox";
import { pictures } from "./cost-report/pictures";
import { type Expected, expectedOf, wavesOf } from "./inspector/findings";
import { SecurityTeam } from "./inspector/security-team";
import type { PlayedContext, Story, StoryContext } from "./story";

async function prepare(context: StoryContext): Promise<void> {
  const verification = (context.deployment.args as InspectorScanningArgs).mail?.sender.verification;
  if (verification?.kind === "domain" && "name" in verification.hostedZone) {
    await prepareZone(context, verification.hostedZone.name);
  }
}

/** @throws an Error with what is in one of the two only */
function same(what: string, found: Iterable<string>, expected: Iterable<string>): void {
  const [a, b] = [[...found].sort(), [...expected].sort()];
  if (JSON.stringify(a) === JSON.stringify(b)) return;
  const only = (list: readonly string[], other: readonly string[]) =>
    list.filter((it) => !other.includes(it)).slice(0, 5);
  const [more, less] = [only(a, b), only(b, a)];
  throw new Error(
    `${what}: ${a.length}, not ${b.length}; only found: ${more.join(", ")}; only expected: ${less.join(", ")}`,
  );
}

async function compare(team: SecurityTeam, expected: Expected): Promise<void> {
  const lines = (table: ReadonlyMap<string, string>) => [...table].map(([arn, state]) => `${arn} ${state}`);
  same("findings in the table", lines(await team.table()), lines(expected.table));
  const notices = team.reported.flatMap((reported) => reported.notices.map(({ arn, kind }) => `${arn} ${kind}`));
  same("notices", notices, expected.notices);
}

async function play(context: PlayedContext): Promise<void> {
  const { account } = context.deployment;
  const now = Date.now();
  const waves = wavesOf({ account: account.id, region: account.region }, now);
  const team = new SecurityTeam(context);
  const inbox = new Inbox(context);
  const events = waves.flat().length;
  await context.step("Inspector scans what it is asked to", async () => (await team.scanned()).join(", "));
  await context.step("200 findings, some of them twice: each is in the table once, and reported once", async () => {
    await team.listen();
    await team.find(waves[0] ?? []);
    await team.settled();
    const groups = await team.report("notices", 1);
    await team.hear(groups);
    await compare(team, expectedOf(waves.slice(0, 1), now));
    return `${team.reported.flatMap(({ notices }) => notices).length} notices in ${groups} messages, one for each resource`;
  });
  await context.step("Fixed, reopened, more severe, repeated, late: table and notices are as computed", async () => {
    for (const wave of waves.slice(1)) {
      await team.find(wave);
      await team.settled();
    }
    const before = team.reported.length;
    const groups = await team.report("notices", 2);
    await team.hear(before + groups);
    await compare(team, expectedOf(waves, now));
    const reported = team.reported.slice(before).flatMap(({ notices }) => notices.map(({ kind }) => kind));
    return `${events} events of 200 findings; then ${reported.sort().join(", ")}`;
  });
  await context.step("Security Hub has each finding as Inspector has it, closed ones archived", async () => {
    const lines = [...expectedOf(waves, now).table].map(([arn, state]) => {
      const status = state.split(" ")[1] ?? "";
      return `${arn} ${status} ${status === "CLOSED" ? "ARCHIVED" : "ACTIVE"}`;
    });
    const hub = await team.hub();
    same(
      "findings in Security Hub",
      [...hub].map(([arn, state]) => `${arn} ${state}`),
      lines,
    );
    return `${hub.size} findings`;
  });
  await context.step("Each message is mailed, too, and a second run sends nothing", async () => {
    const again = await team.report("notices", 3);
    if (again !== 0) throw new Error(`${again} messages again`);
    await team.hear(team.reported.length);
    const mails = await inbox.settled(team.reported.length);
    return `${mails.length} mails, such as “${mails[0]?.subject}”`;
  });
  let digest: Mail | undefined;
  await context.step("The daily digest counts what is open and overdue, once", async () => {
    const { open, overdue } = expectedOf(waves, now);
    await team.report("digest");
    await team.report("digest");
    const mails = await inbox.settled(team.reported.length + 1);
    digest = mails.at(-1);
    const expected = `${open} open findings, ${overdue} overdue`;
    if (digest?.subject.endsWith(expected) !== true) throw new Error(`“${digest?.subject}”, not ${expected}`);
    return digest.subject;
  });
  await context.step("The mails, to look at", async () =>
    show(context, digest, (await inbox.settled(team.reported.length + 1))[0]),
  );
  await team.leave();
}

/** Keeps mails as pages of their own, and pictures of them. */
async function show(context: PlayedContext, digest: Mail | undefined, notice: Mail | undefined): Promise<string> {
  const kept: string[] = [];
  for (const [name, mail] of Object.entries({ digest, notice })) {
    if (mail === undefined) throw new Error(`no ${name}`);
    const page = await context.keep(`${name}.html`, mail.page);
    await context.keep(`${name}.txt`, mail.text);
    for (const [look, picture] of (await pictures(page)) ?? []) await context.keep(`${name}-${look}.png`, picture);
    kept.push(page);
  }
  return kept.join(", ");
}

async function afterDestroy(context: PlayedContext): Promise<void> {
  await context.step("Nothing is left behind, and nothing is scanned any more", async () => {
    const left = await new SecurityTeam(context).leftovers();
    if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
    return "no function, table, queue, topic, filter, hub or scan";
  });
}

export const inspectorScanning: Story = {
  title: "Inspector's findings are kept once, reported once, and summed up each day",
  tryFirst: ["aws dynamodb scan --table-name {tableName} --max-items 3"],
  prepare,
  play,
  afterDestroy,
};

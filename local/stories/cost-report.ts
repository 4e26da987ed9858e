/** One mail a day about what AWS costs: figures held against the raw answer, sent once, archived, to look at. */
import type { CostReportArgs } from "../../components/cost-report/cost-report";
import { bootstrapOrganization } from "../organization";
import { prepareZone } from "./account";
import { historyUntil, isoDay, load, rawAnswer, yesterday } from "./cost-report/bill";
import { Expected } from "./cost-report/expected";
import { Figures } from "./cost-report/figures";
import { Inbox, type Mail } from "./cost-report/inbox";
import { Operator } from "./cost-report/operator";
import { pictures } from "./cost-report/pictures";
import type { PlayedContext, Story, StoryContext } from "./story";

/** What the function is not allowed for a while, and what its mails then say. */
const LACKING = [
  { actions: ["s3:PutObject"], note: "This report is not, or not wholly, in the archive" },
  { actions: ["s3:ListBucket", "s3:GetObject"], note: "trend does not show this day" },
  { actions: ["organizations:ListAccounts"], note: "AWS Organizations may not be asked" },
] as const;

async function prepare(context: StoryContext): Promise<void> {
  const { verification } = (context.deployment.args as CostReportArgs).sender;
  if (verification?.kind === "domain" && "name" in verification.hostedZone) {
    await prepareZone(context, verification.hostedZone.name);
  }
  const members = historyUntil(yesterday()).accounts.map(({ id }) => id);
  await bootstrapOrganization({ endpoint: context.endpoint }, context.deployment.account.id, members);
}

/** The mail with every account. */
function whole(mails: readonly Mail[], { recipients }: CostReportArgs): Mail {
  const address = recipients.find(({ accounts }) => accounts === undefined)?.address;
  const mail = mails.find(({ to }) => to === address);
  if (mail === undefined)
    throw new Error(`no mail to ${address}; there are mails to ${mails.map(({ to }) => to).join(", ")}`);
  return mail;
}

async function playReport(context: PlayedContext, day: string): Promise<Mail[]> {
  const args = context.deployment.args as CostReportArgs;
  const operator = new Operator(context);
  const inbox = new Inbox(context);
  const { recipients } = args;
  let mails: Mail[] = [];
  await context.step("The schedule fires, and everybody gets a mail", async () => {
    await operator.fireSchedule();
    mails = await inbox.settled(recipients.length);
    return mails.map(({ to, subject }) => `${to}: ${subject}`).join("; ");
  });
  await context.step("Every figure in it is what Cost Explorer's raw answer says", async () => {
    const { rows, pages } = await rawAnswer(context, day);
    const compared = new Figures(whole(mails, args).html, new Expected(rows, { date: day }), args).compare();
    return `${compared} figures compared with ${rows.length} rows from ${pages} pages`;
  });
  await context.step("Anyone who is limited to some accounts sees only those, with the right sums", async () => {
    const { rows } = await rawAnswer(context, day);
    const reported = recipients.flatMap(({ address, accounts }) => {
      const mail = mails.find(({ to }) => to === address);
      if (accounts === undefined || mail === undefined) return [];
      const others = [...new Set(rows.map(({ account }) => account))].filter((id) => !accounts.includes(id));
      const seen = others.filter((id) => mail.html.includes(id) || mail.text.includes(id));
      if (seen.length > 0) throw new Error(`${address} sees ${seen.join(", ")}`);
      const own = new Expected(rows, { date: day, keep: ({ account }) => accounts.includes(account) });
      return [`${address}: ${new Figures(mail.html, own, args).compare()} figures of ${accounts.length} accounts`];
    });
    if (reported.length === 0) throw new Error("nobody is limited to some accounts in Pulumi.local.yaml");
    return reported.join("; ");
  });
  await context.step("A second trigger sends nothing", async () => {
    const { sent = [], alreadySent = [] } = await operator.invoke({});
    if (sent.length > 0) throw new Error(`sent again to ${sent.join(", ")}`);
    await operator.fireSchedule();
    const total = await inbox.quiet(recipients.length);
    return `${alreadySent.join(" and ")} had it already; still ${total} mails`;
  });
  return mails;
}

async function play(context: PlayedContext): Promise<void> {
  const args = context.deployment.args as CostReportArgs;
  const day = yesterday();
  await load(context, day);
  const operator = new Operator(context);
  const mails = await playReport(context, day);
  await context.step("The report, its page and the month's trend are in the archive", async () => {
    const keys = await operator.archived();
    const [year, month, date] = day.split("-");
    for (const wanted of [`reports/${year}/${month}/${date}/`, `trend/${year}-${month}.html`]) {
      if (!keys.some((key) => key.includes(wanted))) throw new Error(`no ${wanted} among ${keys.join(", ")}`);
    }
    return keys.join(", ");
  });
  await context.step("A dry run shows the mail, and sends nothing", async () => {
    const { html = "" } = await operator.invoke({ dryRun: true });
    const total = await new Inbox(context).quiet(args.recipients.length);
    return `${html.length} characters of HTML, still ${total} mails`;
  });
  await context.step("A day that was missed can be sent later", async () => {
    const missed = isoDay(Date.parse(day) - 2 * 86_400_000);
    await operator.invoke({ date: missed });
    const all = await new Inbox(context).settled(2 * args.recipients.length);
    return `${missed}: ${all.at(-1)?.subject}`;
  });
  await context.step("Without its archive or the names of accounts, a mail goes out, and says so", async () => {
    const reported: string[] = [];
    let mails = 2 * args.recipients.length;
    for (const [n, { actions, note }] of LACKING.entries()) {
      const date = isoDay(Date.parse(day) - (n + 3) * 86_400_000);
      await operator.without(actions, () => operator.invoke({ date }));
      mails += args.recipients.length;
      const sent = (await new Inbox(context).settled(mails)).slice(-args.recipients.length);
      const silent = sent.filter(
        ({ text, html }) => ![text, html].every((it) => it.replaceAll(/\s+/g, " ").includes(note)),
      );
      if (silent.length > 0) throw new Error(`without ${actions.join(", ")}: ${silent[0]?.text}`);
      reported.push(`without ${actions.join(" and ")}: “${note}”`);
    }
    return reported.join("; ");
  });
  await context.step("What cannot be done ends as a dead letter, not as half a report", async () => {
    await operator.fireBadEvent();
    return operator.deadLetter();
  });
  await context.step("The mail, to look at", async () => show(context, whole(mails, args)));
}

/** Keeps the mail as a page of its own, and pictures of it. */
async function show(context: PlayedContext, mail: Mail): Promise<string> {
  const page = await context.keep("mail.html", mail.page);
  await context.keep("mail.txt", mail.text);
  await context.keep("trend.html", await new Operator(context).trendPage());
  const taken = await pictures(page);
  for (const [look, picture] of taken ?? []) await context.keep(`mail-${look}.png`, picture);
  return taken === undefined ? `${page} (no Chromium for pictures)` : `${page}, with ${taken.size} pictures`;
}

async function afterDestroy(context: PlayedContext): Promise<void> {
  await context.step("Nothing is left behind", async () => {
    const left = await new Operator(context).leftovers();
    if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
    return "no function, table, bucket, queue, identity or schedule";
  });
}

export const costReport: Story = {
  title: "One mail a day says what AWS costs, account by account",
  tryFirst: ["aws lambda invoke --function-name {functionName} /dev/stdout", "aws s3 ls s3://{bucketName} --recursive"],
  prepare,
  play,
  afterDestroy,
};

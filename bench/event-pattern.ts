/**
 * Matches a second of `eventPattern.matches` beside the matcher of serverless-offline-aws-eventbridge, on patterns that
 * both know. Both are called as unit tests call them: with the pattern as it is written, each time.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { eventPattern } from "../components";
import { atMost, type BenchResult, type Figures, type Progress } from "./support/benchmark";
import { installedPeers } from "./support/peers";
import { median, rounded } from "./support/statistics";

const PEER = "serverless-offline-aws-eventbridge";
const ROUNDS = 7;
const ROUND_MS = 150;

const { anythingBut, equalsIgnoreCase, exists, numeric, prefix, suffix } = eventPattern;

interface ShopEvent {
  readonly source: string;
  readonly "detail-type": string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const EVENT: ShopEvent = {
  source: "shop",
  "detail-type": "Order placed",
  detail: {
    id: "order-4711",
    state: "placed",
    total: 349.5,
    customer: { email: "ann@example.com", tier: "Gold", country: "CH" },
    lines: [
      { sku: "A-1", quantity: 2 },
      { sku: "B-2", quantity: 1 },
    ],
  },
};

/** Each with whether the event matches. */
const PATTERNS: Readonly<Record<string, readonly [pattern: eventPattern.EventPattern, isMatch: boolean]>> = {
  values: [{ source: ["shop"], "detail-type": ["Order placed"], detail: { state: ["placed", "paid"] } }, true],
  prefix: [{ source: ["shop"], detail: { id: [prefix("invoice-")] } }, false],
  suffix: [{ source: ["shop"], detail: { customer: { email: [suffix("@example.com")] } } }, true],
  ignoreCase: [{ source: ["shop"], detail: { customer: { tier: [equalsIgnoreCase("gold")] } } }, true],
  anythingBut: [{ source: ["shop"], detail: { customer: { country: [anythingBut("DE", "FR")] } } }, true],
  numeric: [{ source: ["shop"], detail: { total: [numeric(">", 100, "<=", 500)] } }, true],
  exists: [{ source: ["shop"], detail: { coupon: [exists(true)] } }, false],
  lists: [{ source: ["shop"], detail: { lines: { sku: ["B-2"] } } }, true],
};

/** What is used of the plug-in. */
interface Peer {
  logDebug: () => void;
  verifyIsSubscribed(subscriber: { event: { pattern: unknown } }, entry: unknown): boolean;
}

/** Its class needs a project of the Serverless Framework; its matcher needs nothing of that. */
function peerMatcher(folder: string): (pattern: unknown) => boolean {
  const load = createRequire(join(folder, "package.json"));
  const { prototype } = load(PEER) as { prototype: Peer };
  const peer = Object.assign(Object.create(prototype) as Peer, { logDebug: () => undefined });
  // Its entries are those of PutEvents.
  const entry = { Source: EVENT.source, DetailType: EVENT["detail-type"], Detail: JSON.stringify(EVENT.detail) };
  return (pattern) => peer.verifyIsSubscribed({ event: { pattern } }, entry);
}

/** Calls a second, for as long as a round takes. */
function rate(call: () => boolean): number {
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  while (elapsed < ROUND_MS) {
    for (let i = 0; i < 100; i++) call();
    calls += 100;
    elapsed = performance.now() - start;
  }
  return (calls / elapsed) * 1000;
}

type Matcher = (pattern: eventPattern.EventPattern) => boolean;

/** Rounds take turns, so that what else the machine does is shared. */
function measure(matchers: Readonly<Record<string, Matcher>>, progress: Progress): Record<string, Figures> {
  const rates = Object.fromEntries(Object.keys(matchers).map((name): [string, Record<string, number>] => [name, {}]));
  for (const [kind, [pattern, isMatch]] of Object.entries(PATTERNS)) {
    progress(`matching: ${kind}`);
    const seen = Object.entries(matchers).map(([name, matcher]) => {
      if (matcher(pattern) !== isMatch) throw new Error(`${name} is wrong about ${JSON.stringify(pattern)}`);
      return { name, matcher, rounds: [] as number[] };
    });
    for (let round = 0; round < ROUNDS; round++) {
      for (const { matcher, rounds } of seen) rounds.push(rate(() => matcher(pattern)));
    }
    for (const { name, rounds } of seen) {
      Object.assign(rates[name] ?? {}, { [`${kind}PerSecond`]: Math.round(median(rounds)) });
    }
  }
  return rates;
}

export async function run(progress: Progress): Promise<BenchResult> {
  const folder = await installedPeers(PEER, progress, "event-pattern");
  const peer = peerMatcher(folder);
  const ourMatcher: Matcher = (pattern) => eventPattern.matches(pattern, EVENT);
  const { ours = {}, [PEER]: theirs = {} } = measure({ ours: ourMatcher, [PEER]: peer }, progress);
  const ratio = Object.fromEntries(
    Object.entries(theirs).map(([figure, value]) => [
      `time of ${figure.replace("PerSecond", "")}`,
      rounded(value / (ours[figure] ?? NaN)),
    ]),
  );
  const slowest = Math.max(...Object.values(ratio));
  return {
    ours,
    peers: { [PEER]: theirs },
    ratio,
    goals: [atMost("slowest kind beside the peer", slowest, 1)],
    notes: NOTES,
  };
}

const NOTES = [
  "The time of a match, ours divided by the peer's. The peer knows neither $or, wildcard, cidr, anything-but with",
  "prefixes and the like, nor that the fields of one pattern have to match in one element of a list.",
];

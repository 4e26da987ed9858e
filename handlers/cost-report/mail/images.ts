/** The charts of a mail, each with the text that stands for it. */
import type { Amount } from "../amounts";
import { money, shortDay } from "../format";
import type { AccountLine, Report } from "../report";
import { barChart } from "./chart";

export interface Image {
  /** Content-ID, the same for the same day and account. */
  readonly cid: string;
  readonly src: string;
  readonly alt: string;
  /** On a screen of normal density. */
  readonly width: number;
  readonly height: number;
  readonly png: Buffer;
}

export interface Images {
  /** Undefined where it could not be drawn. */
  readonly total: Image | undefined;
  /** By account id; those that could be drawn. */
  readonly accounts: ReadonlyMap<string, Image>;
  /** Why charts could not be drawn. */
  readonly faults: readonly unknown[];
}

const TOTAL = { width: 544, height: 96, fill: 0.6 } as const;
const ACCOUNT = { width: 76, height: 30 } as const;

export function drawImages(report: Report, shown: readonly AccountLine[]): Images {
  const faults: unknown[] = [];
  const attempt = (key: string, trend: readonly Amount[], name: string, shape: Shape): Image[] => {
    try {
      return [draw(report, key, trend, name, shape)];
    } catch (fault) {
      faults.push(fault);
      return [];
    }
  };
  const [total] = attempt("total", report.total.trend, "Total", TOTAL);
  const accounts = shown.flatMap(({ id, trend, name }) =>
    attempt(id, trend, name, ACCOUNT).map((image) => [id, image] as const),
  );
  return { total, accounts: new Map(accounts), faults };
}

interface Shape {
  readonly width: number;
  readonly height: number;
  readonly fill?: number;
}

function draw(report: Report, key: string, trend: readonly Amount[], name: string, shape: Shape): Image {
  const estimated = report.days.map((day) => report.estimated.includes(day));
  const cid = `${key.replace(/[^\w-]/g, "_")}.${report.date}@cost-report`;
  const figures = report.days.map((day, n) => `${shortDay(day)} ${money(trend[n] ?? 0n, report.currency)}`);
  const { width, height } = shape;
  return {
    cid,
    src: `cid:${cid}`,
    alt: `${name}, ${report.days.length} days: ${figures.join(", ")}`,
    width,
    height,
    png: barChart({ values: trend, estimated, ...shape }),
  };
}

/** Costs as fast-check makes them up. */
import fc from "fast-check";
import type { AccountCosts, Costs } from "../../../../handlers/cost-report/costs";
import { daysBetween } from "../../../../handlers/shared/days";
import type { Bands } from "../../../../handlers/cost-report/settings";
import { anyCharacter } from "../../../support/characters";

export const BANDS: Bands = [2, 5, 10, 15];

/** Credits, nothing, next to nothing, and much. */
const amount = fc.oneof(
  fc.constant(0n),
  fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
  fc.bigInt({ min: -(10n ** 16n), max: 10n ** 18n }),
);

/** As objects usually are. */
const plain = { noNullPrototype: true } as const;

const service = fc.record({ name: fc.string({ minLength: 1, maxLength: 40 }), cost: amount, previous: amount }, plain);

const account = (id: string): fc.Arbitrary<AccountCosts> =>
  fc
    .record(
      {
        name: fc.string({ minLength: 1, maxLength: 50, unit: anyCharacter }),
        owner: fc.option(fc.string({ maxLength: 20 }), { nil: undefined }),
        earlier: fc.array(amount, { minLength: 5, maxLength: 5 }),
        monthToDate: amount,
        sameDays: amount,
        lastMonth: amount,
        services: fc.uniqueArray(service, { selector: ({ name }) => name, maxLength: 15 }),
      },
      plain,
    )
    .map(({ earlier, owner, ...rest }) => ({
      id,
      ...rest,
      ...(owner !== undefined && { owner }),
      // The parts of an account are what it costs.
      trend: [
        ...earlier,
        rest.services.reduce((sum, { previous }) => sum + previous, 0n),
        rest.services.reduce((sum, { cost }) => sum + cost, 0n),
      ],
    }));

export const someCosts: fc.Arbitrary<Costs> = fc
  .tuple(
    fc.integer({ min: 0, max: 5000 }),
    fc.uniqueArray(fc.integer({ min: 100_000_000_000, max: 999_999_999_998 }).map(String), { maxLength: 12 }),
  )
  .chain(([offset, ids]) => {
    const date = new Date(Date.parse("2020-01-01") + offset * 86_400_000).toISOString().slice(0, 10);
    const first = new Date(Date.parse(date) - 6 * 86_400_000).toISOString().slice(0, 10);
    return fc.record(
      {
        date: fc.constant(date),
        metric: fc.constant("UnblendedCost" as const),
        currency: fc.constant("USD"),
        days: fc.constant(daysBetween(first, date)),
        estimated: fc.subarray(daysBetween(first, date)),
        accounts: fc.tuple(...[...ids].sort().map(account)),
      },
      plain,
    );
  });

/** The same costs, with everything in another order. */
export function shuffled(costs: Costs): Costs {
  const accounts = costs.accounts.map((it) => ({ ...it, services: [...it.services].reverse() })).reverse();
  return { ...costs, accounts };
}

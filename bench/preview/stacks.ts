/** Stack configurations of any size: accounts with wavelength-dns in them. */
export interface StackSize {
  readonly accounts: number;
  /** In each account. */
  readonly instances: number;
  /** Number of the first account. Default: 1. */
  readonly firstAccount?: number;
}

export type Settings = Record<string, Record<string, unknown>>;

/** What a stack file has under `config`. */
export function settingsOf({ accounts, instances, firstAccount = 1 }: StackSize): Settings {
  const numbers = Array.from({ length: accounts }, (_, i) => firstAccount + i);
  const patterns = numbers.flatMap((number) =>
    Array.from({ length: instances }, (_, i) => [`media-${number}-${i + 1}`, deployment(number, i + 1)] as const),
  );
  return {
    "aws-patterns:accounts": Object.fromEntries(numbers.map((number) => [accountName(number), account(number)])),
    "aws-patterns:patterns": Object.fromEntries(patterns),
  };
}

function accountName(number: number): string {
  return `account-${number}`;
}

function account(number: number): unknown {
  return { id: String(300_000_000_000 + number) };
}

function deployment(account: number, instance: number): unknown {
  return {
    pattern: "wavelength-dns",
    account: accountName(account),
    args: {
      recordName: `media-${instance}.example.com`,
      hostedZone: { name: "example.com" },
      fleet: {
        zones: [{ name: "us-east-1-wl1-bos-wlz-1" }, { name: "us-east-1-wl1-nyc-wlz-1" }],
        ports: [{ protocol: "udp", from: 5004 }],
      },
    },
  };
}

import type { Address } from 'viem';

/** Of one asset at one address, in its smallest units. */
export interface CoinsAt {
  readonly address: Address;
  readonly asset: string;
  readonly units: bigint;
}

/** What is kept of it: what should be there by all that we know, and how often something came. */
export interface CountedCoins extends CoinsAt {
  readonly arrivals: number;
}

export interface Arrival extends CoinsAt {
  /** 1 is what was there at first. */
  readonly number: number;
}

/**
 * What has come to our addresses from outside: what is there in a final block, less what should be. `moved` is what left each since it was counted, to the
 * last unit, and less than nothing where we have sent it there ourselves. What is missing stays missing: what comes later makes up for it before it
 * counts as having come, so that nobody covers a theft by a gift.
 */
export function countCoins(
  seen: readonly CoinsAt[],
  known: readonly CountedCoins[],
  moved: readonly CoinsAt[],
): { readonly counted: readonly CountedCoins[]; readonly arrivals: readonly Arrival[] } {
  const before = new Map(known.map((one) => [keyOf(one), one]));
  const gone = new Map(moved.map((one) => [keyOf(one), one.units]));
  const arrivals: Arrival[] = [];
  const counted = seen.map((there): CountedCoins => {
    const key = keyOf(there);
    const { units = 0n, arrivals: number = 0 } = before.get(key) ?? {};
    const expected = units - (gone.get(key) ?? 0n);
    if (there.units <= expected) return { ...there, units: expected, arrivals: number };
    arrivals.push({ ...there, units: there.units - expected, number: number + 1 });
    return { ...there, arrivals: number + 1 };
  });
  return { counted, arrivals };
}

function keyOf({ address, asset }: CoinsAt): string {
  return `${address} ${asset}`;
}

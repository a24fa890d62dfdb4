import type { Address } from 'viem';

/** Balance of an asset at an address, in the smallest units of the asset. */
export interface CoinsAt {
  readonly address: Address;
  readonly asset: string;
  readonly units: bigint;
}

/** The stored count: the expected balance, and the number of arrivals. */
export interface CountedCoins extends CoinsAt {
  readonly arrivals: number;
}

interface Arrival extends CoinsAt {
  /** Number of the arrival; 1 is the first balance. */
  readonly number: number;
}

/**
 * Computes the arrivals from outside: the balance in a final block minus the expected balance.
 * `moved` is the exact outflow of each address since the last count; a received top-up is negative.
 *
 * A shortfall stays recorded. Later arrivals first make up for the shortfall before they count as
 * arrivals, therefore a gift cannot hide a theft.
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

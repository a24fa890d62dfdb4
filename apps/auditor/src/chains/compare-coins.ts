import type { CoinsInBlock, MovedCoins, watchedCoins } from '@sluice/connector-evm/audit';
import { textOf, unitsOf } from '@sluice/evm';

type Watched = ReturnType<typeof watchedCoins>[number];

/** Coins of an asset at an address at the last comparison, and what was moved since. Decimal text. */
export interface StoredCoins {
  readonly address: string;
  readonly asset: string;
  readonly opening: string;
  readonly opening_block: string;
  readonly total: string;
  /** Block of `total`. */
  readonly block_number: string;
  readonly block_at: Date;
  readonly sent: string;
  readonly received: string;
  readonly gas: string;
  /** Sum of all deposits. */
  readonly risen: string;
  /** The sums contain each block up to this number. */
  readonly counted_to: string;
}

/** Blocks from `before` to `block`, and the coins in `block`. */
export interface ComparedBlocks {
  /** Null at the begin of the reading. */
  readonly before: bigint | null;
  readonly block: bigint;
  readonly at: Date;
  readonly moved: readonly MovedCoins[];
  /** Empty if the coins were not read. */
  readonly coins: readonly CoinsInBlock[];
}

/** Coins that are missing beyond everything that was sent and burned. */
export interface MissingCoins {
  readonly address: string;
  readonly asset: string;
  readonly expected: string;
  readonly total: string;
  readonly missing: string;
  /** The last comparison, with the sums since. */
  readonly last: StoredCoins;
}

interface Compared {
  readonly kept: readonly StoredCoins[];
  readonly missing: readonly MissingCoins[];
}

/**
 * Compares the coins in a final block with the last coins, everything sent, received from addresses
 * of ours, and burned since. More coins are a deposit. A gap in the counted blocks begins anew, for
 * example after an address was removed from the settings for a time.
 */
export function compareCoins(
  watched: readonly Watched[],
  stored: readonly StoredCoins[],
  blocks: ComparedBlocks,
): Compared {
  const before = new Map(stored.map((one) => [keyOf(one), one]));
  const moved = new Map(blocks.moved.map((one) => [keyOf(one), one]));
  const totals = new Map(blocks.coins.map((one) => [keyOf(one), one.units]));
  const compared = watched.map((one) => {
    const key = keyOf(one);
    const last = before.get(key);
    const total = totals.get(key) ?? null;
    return last !== undefined && last.counted_to === blocks.before?.toString()
      ? follow(one, counted(one, last, moved.get(key), blocks.block), total, blocks)
      : begin(one, total, blocks);
  });
  return {
    kept: compared.flatMap(({ kept }) => kept),
    missing: compared.flatMap(({ missing }) => missing),
  };
}

function begin(
  { address, asset, decimals }: Watched,
  units: bigint | null,
  { block, at }: ComparedBlocks,
): Compared {
  if (units === null) return { kept: [], missing: [] };
  const [total, number] = [textOf(units, decimals), block.toString()];
  const opened = {
    address,
    asset,
    opening: total,
    opening_block: number,
    total,
    block_number: number,
    block_at: at,
    sent: '0',
    received: '0',
    gas: '0',
    risen: '0',
    counted_to: number,
  };
  return { kept: [opened], missing: [] };
}

/** Adds the part's blocks to the sums. */
function counted(
  { decimals }: Watched,
  last: StoredCoins,
  moved: MovedCoins | undefined,
  block: bigint,
): StoredCoins {
  const plus = (text: string, units = 0n) => textOf(unitsIn(text, decimals) + units, decimals);
  return {
    ...last,
    sent: plus(last.sent, moved?.sent),
    received: plus(last.received, moved?.received),
    gas: plus(last.gas, moved?.gas),
    counted_to: block.toString(),
  };
}

function follow(
  { address, asset, decimals }: Watched,
  last: StoredCoins,
  units: bigint | null,
  { block, at }: ComparedBlocks,
): Compared {
  if (units === null) return { kept: [last], missing: [] };
  const read = (text: string) => unitsIn(text, decimals);
  const expected = read(last.total) + read(last.received) - read(last.sent) - read(last.gas);
  const total = textOf(units, decimals);
  const risen = units > expected ? units - expected : 0n;
  const kept = {
    ...last,
    total,
    block_number: block.toString(),
    block_at: at,
    sent: '0',
    received: '0',
    gas: '0',
    risen: textOf(read(last.risen) + risen, decimals),
  };
  if (units >= expected) return { kept: [kept], missing: [] };
  const missing = {
    address,
    asset,
    expected: textOf(expected, decimals),
    total,
    missing: textOf(expected - units, decimals),
    last,
  };
  return { kept: [kept], missing: [missing] };
}

function keyOf({ address, asset }: Pick<StoredCoins, 'address' | 'asset'>): string {
  return `${address} ${asset}`;
}

function unitsIn(text: string, decimals: number): bigint {
  const units = unitsOf(text, decimals);
  if (units === null) throw new Error(`${text} has more than ${decimals} decimals`);
  return units;
}

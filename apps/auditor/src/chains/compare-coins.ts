import type {
  CoinsInBlock,
  GasOfTransaction,
  MovedCoins,
  watchedCoins,
} from '@sluice/connector-evm/audit';
import { NATIVE_DECIMALS, textOf, unitsOf } from '@sluice/evm';
import type { GasLimits } from './chain-settings.js';

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
  readonly risen: string;
  /** The sums contain each block up to this number. */
  readonly counted_to: string;
}

export interface ComparedBlocks {
  /** Null at the begin of the reading. */
  readonly before: bigint | null;
  readonly block: bigint;
  readonly at: Date;
  readonly moved: readonly MovedCoins[];
  /** Empty if the coins were not read. */
  readonly coins: readonly CoinsInBlock[];
}

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
 * Compares the coins in a final block with the last coins, everything sent, received from our
 * addresses, and burned since. More coins are a deposit; a gap in the counted blocks begins anew.
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

export interface HourOfGas {
  readonly hour: Date;
  readonly spent: string;
  readonly by_address: Readonly<Record<string, string>>;
}

const HOUR_MS = 3_600_000;

export function dearTransactions(
  network: string,
  gas: readonly GasOfTransaction[],
  { transaction: limit }: GasLimits,
): readonly ChainFinding[] {
  return gas
    .filter(({ cost }) => cost > limit)
    .map(({ address, hash, block, at, gasUsed, gasPrice, cost }) => ({
      kind: 'gas_above_limit',
      subject: `wallet ${network} ${hash}`,
      evidence: {
        network,
        address,
        hash,
        block: block.toString(),
        gas_used: gasUsed.toString(),
        gas_price_wei: gasPrice.toString(),
        spent: coins(cost),
        limit_of_transaction: coins(limit),
      },
      fact_at: at,
    }));
}

/** Hours above the limit of an hour. Each further multiple of the limit is a finding of its own. */
export function dearHours(
  network: string,
  hours: readonly HourOfGas[],
  { limit, gas }: { readonly limit: bigint; readonly gas: readonly GasOfTransaction[] },
): readonly ChainFinding[] {
  return hours.flatMap(({ hour, spent, by_address }): ChainFinding[] => {
    const times = ((unitsOf(spent, NATIVE_DECIMALS) ?? 0n) - 1n) / limit;
    if (times < 1n) return [];
    const newest = gas
      .filter(({ at }) => hourOf(at).getTime() === hour.getTime())
      .reduce((latest, { at }) => (at > latest ? at : latest), hour);
    const evidence = { network, hour, spent, by_address, limit_of_hour: coins(limit) };
    const subject = `wallet ${network} ${hour.toISOString()} above ${times} times the limit`;
    return [{ kind: 'gas_above_limit', subject, evidence, fact_at: newest }];
  });
}

/** Begin of the clock hour. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
}

function coins(wei: bigint): string {
  return textOf(wei, NATIVE_DECIMALS);
}

export interface ChainFinding {
  readonly kind: 'balance_apart' | 'gas_above_limit';
  readonly subject: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly fact_at: Date;
}

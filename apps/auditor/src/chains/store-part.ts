import {
  watchedCoins,
  type ChainPart,
  type ChainProgress,
  type GasOfTransaction,
} from '@sluice/connector-evm/audit';
import { NATIVE_DECIMALS, textOf, type ChainSettings } from '@sluice/evm';
import { WALLET } from '@sluice/messages';
import { rowsJson } from '@sluice/postgres';
import {
  CHAIN_READ,
  GAS_OF_HOURS,
  KEEP_COINS,
  KEEP_GAS,
  OPEN_CHAIN_FINDINGS,
  STORED_COINS,
} from './chain-sql.js';
import type { ChainFinding } from './chain-finding.js';
import { compareCoins, type MissingCoins, type StoredCoins } from './compare-coins.js';
import { dearHours, dearTransactions, hourOf, type HourOfGas } from './gas-above-limit.js';
import type { GasLimits } from './gas-limits.js';

/** Runs a statement in one transaction. */
export type RunQuery = <R>(sql: string, params?: readonly unknown[]) => Promise<R[]>;

/** A chain with its limits. */
interface LimitedChain {
  readonly settings: ChainSettings;
  readonly limits: GasLimits;
}

/** A part that is not empty, and the progress before the part. */
interface ReadPart extends Omit<ChainPart, 'progress' | 'payments' | 'isComplete'> {
  readonly before: ChainProgress | null;
  readonly progress: ChainProgress;
}

/**
 * Stores the progress with the sums of a part, and compares. The lock of the progress lets each
 * block count once. Returns false if another instance has read these blocks: nothing was stored.
 */
export async function storePart(
  query: RunQuery,
  chain: LimitedChain,
  part: ReadPart,
): Promise<boolean> {
  const { network } = chain.settings;
  const { before, progress, coins } = part;
  const claimed = await query(CHAIN_READ, [
    network,
    progress.block.toString(),
    progress.hash,
    JSON.stringify(progress.sent),
    before === null ? null : before.block.toString(),
    coins.kind === 'read' ? progress.block.toString() : null,
  ]);
  if (claimed.length === 0) return false;
  const findings = [
    ...(await missingCoins(query, chain, part)),
    ...(await dearGas(query, chain, part.gas)),
  ];
  if (findings.length > 0) await query(OPEN_CHAIN_FINDINGS, [WALLET, rowsJson(findings)]);
  return true;
}

async function missingCoins(
  query: RunQuery,
  { settings }: LimitedChain,
  { before, progress: { block }, at, moved, coins }: ReadPart,
): Promise<readonly ChainFinding[]> {
  const { network } = settings;
  const stored = await query<StoredCoins>(STORED_COINS, [network]);
  const { kept, missing } = compareCoins(watchedCoins(settings), stored, {
    before: before?.block ?? null,
    block,
    at,
    moved,
    coins: coins.kind === 'read' ? coins.coins : [],
  });
  if (kept.length > 0) await query(KEEP_COINS, [network, rowsJson(kept)]);
  return missing.map((one) => findingOf(one, { network, block: block.toString(), at }));
}

function findingOf(
  { address, asset, total, expected, missing, last }: MissingCoins,
  { network, block, at }: { readonly network: string; readonly block: string; readonly at: Date },
): ChainFinding {
  return {
    kind: 'balance_apart',
    subject: `${WALLET} ${network} ${address} ${asset} ${block}`,
    evidence: {
      venue: WALLET,
      network,
      address,
      asset,
      total,
      block,
      block_at: at,
      expected,
      missing,
      total_before: last.total,
      block_before: last.block_number,
      block_before_at: last.block_at,
      sent: last.sent,
      received_from_own: last.received,
      gas: last.gas,
      opening: last.opening,
      opening_block: last.opening_block,
      risen: last.risen,
    },
    fact_at: last.block_at,
  };
}

async function dearGas(
  query: RunQuery,
  { settings: { network }, limits }: LimitedChain,
  gas: readonly GasOfTransaction[],
): Promise<readonly ChainFinding[]> {
  if (gas.length === 0) return [];
  const rows = gas.map(({ address, at, cost }) => ({
    address,
    hour: hourOf(at),
    spent: textOf(cost, NATIVE_DECIMALS),
  }));
  await query(KEEP_GAS, [network, rowsJson(rows)]);
  const hours = [...new Set(rows.map(({ hour }) => hour.toISOString()))];
  const spent = await query<HourOfGas>(GAS_OF_HOURS, [network, hours]);
  return [
    ...dearTransactions(network, gas, limits),
    ...dearHours(network, spent, { limit: limits.hour, gas }),
  ];
}

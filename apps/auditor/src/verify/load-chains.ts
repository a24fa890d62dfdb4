import { setTimeout as sleep } from 'node:timers/promises';
import type { ChainAudit, ChainProgress } from '@sluice/connector-evm/audit';
import { WALLET } from '@sluice/messages';
import { type Database, rowsJson } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { chainRow } from '../chains/chain-row.js';
import { KEEP_PAYMENTS } from '../venues/payment-sql.js';
import { storeReading } from '../venues/store-reading.js';
import type { Sides } from './compare-facts.js';
import { OLD_MS } from './recompute.js';

/** The auditor reads every chain each 20 s, through nodes that may know of a block later. */
const AUDITOR_READS_MS = 180_000;
const AGAIN_MS = 1_000;

interface ChainLoading {
  readonly chains: readonly ChainAudit[];
  readonly since: Date;
  readonly say: (line: string) => void;
  /** Default: `AUDITOR_READS_MS`. */
  readonly mostWaitMs?: number;
}

interface ReadChain {
  readonly network: string;
  readonly progress: ChainProgress;
  /** Time of the newest final block. */
  readonly through: Date;
}

/**
 * Reads the final blocks of every chain since a time, and waits until the auditor has read them too.
 * Returns the time up to which every payment of the wallet is known to both sides; null without a
 * chain. Throws if a chain cannot be read to its newest final block.
 */
export async function loadChains(
  { chains, since, say, mostWaitMs = AUDITOR_READS_MS }: ChainLoading,
  { recomputed, stored }: Sides,
): Promise<Date | null> {
  if (chains.length === 0) return null;
  const seenAt = new Date(recomputed.clock.now().getTime() + OLD_MS);
  const read: ReadChain[] = [];
  for (const chain of chains) {
    const { payments, ...end } = await loadChain(chain, { since, seenAt }, recomputed);
    say(`${end.network}: ${payments} payments read, to block ${end.progress.block}`);
    read.push(end);
  }
  await storeReading(recomputed, {
    venue: WALLET,
    through: seenAt,
    begunAt: seenAt,
    isDeep: true,
    from: since,
    balances: null,
  });
  for (const end of read) await auditorHasRead(end, stored, mostWaitMs);
  return new Date(Math.min(...read.map(({ through }) => through.getTime())));
}

async function loadChain(
  chain: ChainAudit,
  { since, seenAt }: { readonly since: Date; readonly seenAt: Date },
  database: Database,
): Promise<ReadChain & { readonly payments: number }> {
  const { network } = chain.settings;
  let end: Omit<ReadChain, 'network'> | null = null;
  let payments = 0;
  for (;;) {
    const before = end?.progress ?? null;
    const part = await chain.next({
      before,
      since,
      now: database.clock.now(),
      areCoinsKnown: true,
    });
    if (!part.ok) throw new Error(`the chain ${network} was not read: ${part.refusal}`);
    const { progress, at: through, payments: found, isComplete } = part.value;
    if (found.length > 0)
      await database.query(KEEP_PAYMENTS, [rowsJson(found.map(chainRow)), seenAt]);
    payments += found.length;
    if (progress !== null) end = { progress, through };
    if (!isComplete) continue;
    if (end === null)
      throw new Error(`the chain ${network} has no final block since ${since.toISOString()}`);
    return { network, ...end, payments };
  }
}

/** Without this wait, payments that became final a moment ago would be missing in the auditor. */
async function auditorHasRead(
  { network, progress: { block } }: ReadChain,
  stored: Pick<Database, 'query'>,
  mostWaitMs: number,
): Promise<void> {
  const begunMs = monotonicMs();
  const hasRead = async (): Promise<boolean> =>
    (
      await stored.query('SELECT FROM wallet_reading WHERE network = $1 AND block_number >= $2', [
        network,
        block.toString(),
      ])
    ).length > 0;
  while (!(await hasRead())) {
    if (monotonicMs() - begunMs > mostWaitMs)
      throw new Error(`the auditor has not read block ${block} of ${network}`);
    await sleep(AGAIN_MS);
  }
}

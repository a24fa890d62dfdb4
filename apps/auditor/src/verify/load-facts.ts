import { setTimeout as sleep } from 'node:timers/promises';
import type { ChainAudit, ChainProgress } from '@sluice/connector-evm/audit';
import { connectKafka, readMessages } from '@sluice/kafka';
import {
  ledgerChainHeads,
  ledgerEvents,
  type Message,
  type Topic,
  venueCommands,
  venueEvents,
  VENUES,
  WALLET,
  walletEvents,
} from '@sluice/messages';
import { type Database, Outbox, rowsJson, type Tx, UnitOfWork } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { addressedTo, authenticatorOf, kafkaSecurityOf, type Logger } from '@sluice/service-shell';
import { chainRow } from '../chains/wallet-reader.js';
import { STORE_HEADS } from '../facts/ledger-events.consumer.js';
import { PAYMENTS } from '../writes/audited-rows.js';
import { orderFacts } from '../facts/venue-commands.consumer.js';
import { commandRefusals, ledgerFacts, STORE_COMMAND_REFUSALS } from '../writes/ledger-facts.js';
import { noteOldest, storeFacts } from '../writes/store-facts.js';
import { refusalFacts, SIGNED_THROUGH, STORE_REFUSALS } from '../facts/venue-events.consumer.js';
import { judgeWith } from '../writes/request-behind.js';
import type { CoveredVenue } from '../venues/venue-table.js';
import { keepPayments, storeReading } from '../venues/store-reading.js';
import { readRecord, windowsBetween } from '../venues/read-record.js';
import { StoredPayments } from '../venues/stored-payments.js';
import type { Sides } from './compare-facts.js';
import type { VerifyConfig } from './config.js';
import { OLD_MS } from './recompute.js';

const SERVICE = 'auditor';

interface Loading {
  readonly config: VerifyConfig;
  readonly database: Database;
  readonly logger: Logger;
  /** Messages of a later time are left out. */
  readonly until: Date;
  readonly say: (line: string) => void;
}

type Store<T extends Topic> = (tx: Tx, batch: readonly Message<T>[]) => Promise<void>;

/** Reads the followed topics from their beginning with the auditor's code, and stores their facts. */
export async function loadFacts(loading: Loading): Promise<void> {
  const { config, logger } = loading;
  const log = connectKafka({
    brokers: config.brokers,
    clientId: 'audit verify',
    logger,
    security: kafkaSecurityOf(config),
    prefix: config.kafkaPrefix,
  });
  const load = loaderOf(log, loading);
  const judge = judgeWith(config.messageKeys.with('intake-api'));
  await load(ledgerEvents, async (tx, batch) => {
    await storeFacts(tx, ledgerFacts(batch, judge));
    const refusals = commandRefusals(batch);
    if (refusals.length > 0) await tx.query(STORE_COMMAND_REFUSALS, [rowsJson(refusals)]);
    await noteOldest(
      tx,
      batch.map(({ time }) => time),
    );
  });
  await load(ledgerChainHeads, (tx, batch) => {
    const heads = batch.map(({ data: { shard, sequence, hash } }) => ({ shard, sequence, hash }));
    return tx.query(STORE_HEADS, [rowsJson(heads)]).then(() => undefined);
  });
  for (const venue of [...VENUES, WALLET]) {
    await load(venueCommands(venue), (tx, batch) =>
      storeFacts(tx, ledgerFacts([]), orderFacts(venue, batch)),
    );
    const topic: Topic = venue === WALLET ? walletEvents : venueEvents(venue);
    await load(topic as ReturnType<typeof venueEvents>, async (tx, batch) => {
      const refusals = refusalFacts(venue, batch);
      const times = batch.map(({ time }) => time).sort();
      if (refusals.length > 0) await tx.query(STORE_REFUSALS, [rowsJson(refusals)]);
      await tx.query(SIGNED_THROUGH, [venue, times[0], times.at(-1)]);
    });
  }
}

function loaderOf(log: ReturnType<typeof connectKafka>, { config, database, until, say }: Loading) {
  const unitOfWork = new UnitOfWork(database, 'audit verify', new Outbox(database));
  const authenticate = authenticatorOf(SERVICE, config.messageKeys, () => null);
  const isAddressed = addressedTo(SERVICE);
  return async <T extends Topic>(topic: T, store: Store<T>): Promise<void> => {
    const begunMs = monotonicMs();
    let stored = 0;
    // a batch is read and verified while the database stores the batch before
    let storing: Promise<void> = Promise.resolve();
    const { read, unproven } = await readMessages(log, {
      topic,
      authenticate,
      isAddressed,
      onBatch: async (batch) => {
        const known = batch.filter(({ time }) => Date.parse(time) < until.getTime());
        await storing;
        if (known.length === 0) return;
        stored += known.length;
        storing = unitOfWork.run((tx) => store(tx, known));
        storing.catch(() => undefined); // the next batch, or the end, throws the error
      },
    });
    await storing;
    const seconds = Math.max((monotonicMs() - begunMs) / 1_000, 0.001);
    say(
      `${topic.name}: ${read} messages read, ${stored} used, ${unproven} without a valid proof, ${Math.round(read / seconds)} a second`,
    );
  };
}

interface RecordLoading {
  readonly venues: readonly CoveredVenue[];
  readonly since: Date;
  readonly say: (line: string) => void;
}

/** Reads the venues' records since a time, at once: each venue limits the pace of its pages. */
export async function loadVenues(
  { venues, since, say }: RecordLoading,
  database: Database,
): Promise<void> {
  const loads = venues.map(async (venue) => {
    await loadVenue(venue, since, database);
    say(`${venue.venue}: ${await paymentsOf(venue.venue, database)} payments read`);
  });
  await Promise.allSettled(loads);
  await Promise.all(loads);
}

async function loadVenue(venue: CoveredVenue, since: Date, database: Database): Promise<void> {
  if (!(await venue.record.readClock()))
    throw new Error(`the clock of ${venue.venue} was not read`);
  const now = venue.clock.latest();
  if (now === null) throw new Error(`the time of ${venue.venue} is not known`);
  const seenAt = new Date(database.clock.now().getTime() + OLD_MS);
  const payments = new StoredPayments(database);
  const { fault } = await readRecord(venue, windowsBetween(since, now), seenAt, (...page) =>
    payments.store(...page),
  );
  if (fault !== null) throw new Error(`the record of ${venue.venue} was not read: ${fault}`);
  await storeReading(database, {
    venue: venue.venue,
    through: now,
    begunAt: seenAt,
    isDeep: true,
    from: since,
    balances: { begunAt: seenAt.toISOString(), readAt: seenAt, rows: [] },
  });
}

async function paymentsOf(venue: string, database: Database): Promise<number> {
  const [row] = await database.query<{ payments: number }>(
    `SELECT count(*)::int AS payments FROM ${PAYMENTS} p WHERE venue = $1 AND status IS NOT NULL`,
    [venue],
  );
  return row?.payments ?? 0;
}

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
 * Reads the final blocks of every chain, and waits for the auditor. Returns the time up to which
 * both know every wallet payment; null without a chain. Throws if a chain cannot be read to its
 * end.
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
    if (found.length > 0) await keepPayments(database, found.map(chainRow), seenAt);
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

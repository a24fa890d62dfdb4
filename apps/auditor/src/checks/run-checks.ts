import type { Database } from '@sluice/postgres';
import { judgeBalances } from './judge-balances.js';
import { JUDGE_REFUSED_COMMANDS, JUDGE_RELEASES } from '../facts/venue-events.consumer.js';
import { NOT_READ } from '../venues/store-reading.js';
import { inTransaction, type RunQuery } from '../writes/in-transaction.js';
import {
  ASSIGN_PAYMENTS,
  CAPTURED_OPEN,
  CAPTURED_WITHOUT_PAYMENT,
  CHECK_INSTANTS,
  CHOOSE_KEYS,
  FORGET_SHORT,
  KEEP_GROUPS,
  NAMED_OTHERWISE,
  OLDEST_UNEXPLAINED,
  PAID_AT_SEVERAL,
  RELEASED_BUT_PAID,
  RELEASED_OPEN,
  SEPARATE_SEVERAL,
  SET_ASIDE,
  SEVERAL_OPEN,
  TAKE_GROUPS,
  WITHOUT_COVER,
  WITHOUT_ORDER,
} from './check-sql.js';

/** A venue's record may show a payment as under way for this long after the release. */
const STALE_RECORD_MS = 10_000;
/**
 * From a capture to the reading that must show the payment, which the connector has read before.
 */
const CAPTURED_FOR_MS = 30_000;
/** Time for which the auditor's nodes may know of a final block later than the connector's nodes. */
const NODES_APART_MS = 120_000;
/** A credit that allows a hold is published on another partition within a second. */
const OTHER_PARTITION_MS = 10_000;

interface Instants {
  /** Every fact published before this moment is stored; null until the first comparison. */
  readonly followed_through: Date | null;
  readonly judged_from: Date;
}

interface Group {
  readonly venue: string;
  readonly equality_key: string;
}

/** Groups of one comparison: the first comparisons of a new database have many. */
const MOST_GROUPS = 4_000;

export interface Compared {
  /** More groups may wait. */
  readonly isMore: boolean;
  /** Venues to read again at once. */
  readonly readAgain: readonly string[];
}

/** The oldest payments without an order. Later payments wait for the next comparison. */
interface Unexplained {
  readonly through: string;
  readonly payments: number;
}

export async function runChecks(
  query: RunQuery,
  venues: readonly string[],
  startedAt: Date,
  mostGroups = MOST_GROUPS,
): Promise<Compared> {
  const [instants] = await query<Instants>(CHECK_INSTANTS);
  if (!instants) throw new Error('the table audit_progress has no row');
  const { followed_through: known, judged_from: from } = instants;
  await query(NOT_READ, [venues, startedAt]);
  const covered = { venues, startedAt, known };
  if (known === null) return { isMore: false, readAgain: await judgeBalances(query, covered) };
  await query(JUDGE_RELEASES, [known]);
  await query(JUDGE_REFUSED_COMMANDS, [known]);
  const { through, payments } = await oldestUnexplained(query, mostGroups);
  await query(SET_ASIDE, [from, known, through]);
  await query(CHOOSE_KEYS, [through, known]);
  await query(NAMED_OTHERWISE, [through]);
  const groups = await query<Group>(TAKE_GROUPS, [mostGroups, through]);
  if (groups.length > 0) {
    await query(SEPARATE_SEVERAL, namesOf(groups));
    await query(ASSIGN_PAYMENTS, namesOf(groups));
  }
  // an order whose payment is not yet assigned would count twice
  const readAgain = await judgeBalances(query, covered);
  await query(WITHOUT_ORDER, [from, known, through]);
  if (groups.length > 0) await compareGroups(query, groups, { venues, known, from });
  await query(WITHOUT_COVER, [new Date(known.getTime() - OTHER_PARTITION_MS)]);
  await query(FORGET_SHORT);
  return { isMore: Math.max(groups.length, payments) >= mostGroups, readAgain };
}

async function oldestUnexplained(query: RunQuery, most: number): Promise<Unexplained> {
  const [oldest] = await query<Unexplained>(OLDEST_UNEXPLAINED, [most]);
  return oldest ?? { through: '0', payments: 0 };
}

interface Comparison {
  readonly venues: readonly string[];
  readonly known: Date;
  readonly from: Date;
}

/** Groups whose outcome depends on a later fact are compared again. */
async function compareGroups(
  query: RunQuery,
  groups: readonly Group[],
  { venues, known, from }: Comparison,
): Promise<void> {
  const names = namesOf(groups);
  const released = [...names, known, STALE_RECORD_MS];
  const captured = [...names, venues, from, CAPTURED_FOR_MS, NODES_APART_MS];
  await query(PAID_AT_SEVERAL, [...names, known]);
  await query(RELEASED_BUT_PAID, released);
  await query(CAPTURED_WITHOUT_PAYMENT, captured);
  const open = [
    ...(await query<Group>(SEVERAL_OPEN, [...names, known])),
    ...(await query<Group>(RELEASED_OPEN, released)),
    ...(await query<Group>(CAPTURED_OPEN, captured)),
  ];
  if (open.length > 0) await query(KEEP_GROUPS, namesOf(open));
}

function namesOf(groups: readonly Group[]): [readonly string[], readonly string[]] {
  return [groups.map(({ venue }) => venue), groups.map(({ equality_key: key }) => key)];
}

const SERIALIZATION_FAILURE = '40001';
const MOST_ATTEMPTS = 5;

/**
 * Runs work in one transaction over one snapshot of the facts; repeats the work after a conflict.
 */
export async function inSnapshot<T>(
  database: Pick<Database, 'withClient'>,
  work: (query: RunQuery) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await inTransaction(database, 'BEGIN ISOLATION LEVEL REPEATABLE READ', work);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code !== SERIALIZATION_FAILURE || attempt === MOST_ATTEMPTS) throw error;
    }
}

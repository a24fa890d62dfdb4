import { LARGEST_FEES } from '@sluice/connector-engine';
import { rowsJson } from '@sluice/postgres';
import { DOUBT, FIND_APART, JUDGE_BALANCES, KEEP_BALANCES, TAKE_READINGS } from './balance-sql.js';
import { BALANCES_NOT_READ } from '../venues/not-read-sql.js';

/** Runs a statement in the snapshot of the comparison. */
type RunQuery = <R>(sql: string, params?: readonly unknown[]) => Promise<R[]>;

const FEES = JSON.stringify(LARGEST_FEES);

interface TakenReading {
  readonly venue: string;
  readonly currency: string;
  readonly total: string;
  readonly begun_at: string;
}

interface JudgedBalance extends TakenReading {
  readonly expected: string;
  readonly apart: boolean;
  readonly doubted_at: string | null;
  /** Too close to the first deviating reading for a confirmation. */
  readonly too_soon: boolean;
  readonly agreed_at: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

interface Covered {
  readonly venues: readonly string[];
  /** Begin of this process. */
  readonly startedAt: Date;
  /** Moment up to which every fact is known; null before the first. */
  readonly known: Date | null;
}

/**
 * Compares the balances that the venues report with payments and orders. Returns the venues to read
 * again at once: a difference counts after the second reading.
 */
export async function judgeBalances(
  query: RunQuery,
  { venues, startedAt, known }: Covered,
): Promise<readonly string[]> {
  await query(BALANCES_NOT_READ, [venues, startedAt]);
  const taken = known === null ? [] : await query<TakenReading>(TAKE_READINGS, [known]);
  if (taken.length === 0) return [];
  const judged = await query<JudgedBalance>(JUDGE_BALANCES, [rowsJson(taken), FEES]);
  const doubted = judged.filter(({ apart, doubted_at }) => apart && doubted_at === null);
  const kept = judged.filter(
    ({ apart, doubted_at, too_soon }) => !apart || (doubted_at !== null && !too_soon),
  );
  if (doubted.length > 0) await query(DOUBT, [rowsJson(doubted)]);
  if (kept.length > 0) await keep(query, kept);
  const unsettled = judged.filter((balance) => !kept.includes(balance));
  return [...new Set(unsettled.map(({ venue }) => venue))];
}

async function keep(query: RunQuery, kept: readonly JudgedBalance[]): Promise<void> {
  const rows = [rowsJson(kept)];
  await query(FIND_APART, rows);
  await query(KEEP_BALANCES, rows);
}

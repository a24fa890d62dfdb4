import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { BudgetRow } from './counts.js';

/** Measurement behind the committed budget: short, and with few withdrawals under way at once. */
export const CHECKED = { rate: 10, seconds: 8, idleSeconds: 12 };

const FILE = fileURLToPath(new URL('../../budget.json', import.meta.url));
/**
 * Permitted excess and shortfall, as shares of the limit, and the permitted deviation near zero. A
 * busy machine joins steps: a look finds a payment accepted and on the network at once.
 */
const [EXCESS, SHORTFALL, NEAR_ZERO] = [0.1, 0.25, 0.2];
/**
 * Permitted factor and excess of figures that depend on the size of batches or on time. A quiet
 * machine has smaller batches than the machine behind the budget.
 */
const [BATCHED_FACTOR, BATCHED_EXCESS] = [2, 2];
/** Tables and topics with changes by batch or by time, not by withdrawal: only an upper limit applies. */
const BATCHED: ReadonlySet<string> = new Set([
  'audited_account',
  'audited_head',
  'audited_order',
  'audited_withdrawal',
  'balance',
  'chain-heads',
  'chain_head',
  'changed_groups',
  'check_report',
  'issued_permit',
  'ledger_comparison',
  'ledger_head',
  'ledger_unsettled',
  'outbox',
  'permits',
  'rate_slot',
  'rate_window',
  'sending',
  'shared_day',
  'shared_minute',
  'shared_position',
  'venue_balance',
  'venue_balance_reading',
  'venue_payment',
  'worker_lease',
]);

/**
 * Tables written by the report of each minute, with rows of all payments since the last report: a
 * short measurement includes a report by chance. These tables are not compared.
 */
const REPORTED: ReadonlySet<string> = new Set(['venue_paid']);

/** Committed budget: figures per withdrawal. */
export interface Limits {
  /** An upper limit: a busy machine shares transactions among more withdrawals. */
  readonly transactions: number;
  readonly records: Readonly<Record<string, number>>;
  readonly inserted: Readonly<Record<string, number>>;
  readonly updated: Readonly<Record<string, number>>;
  readonly index_entries: Readonly<Record<string, number>>;
  /** Updates that stay in their page: an index over a changing column ends them silently. */
  readonly hot_updated: Readonly<Record<string, number>>;
}

/** Kinds of work that are compared table by table. */
const COUNTED = ['inserted', 'updated', 'index_entries', 'hot_updated'] as const;
type Counted = (typeof COUNTED)[number];

export function limitsOf(row: BudgetRow): Limits {
  const { transactions, by_table: tables, by_topic: topics } = row;
  const figures = (kind: Counted) =>
    Object.entries(tables)
      .filter(([table]) => !REPORTED.has(withoutService(table)))
      .map(([table, rows]) => [table, rows[kind]] as const);
  return {
    transactions,
    records: withoutZero(Object.entries(topics)),
    inserted: withoutZero(figures('inserted')),
    updated: withoutZero(figures('updated')),
    index_entries: withoutZero(figures('index_entries')),
    hot_updated: withoutZero(figures('hot_updated')),
  };
}

/** Compares the figures of a run with the budget. Returns a line for each deviation. */
export function deviations(measured: Limits, budget: Limits): readonly string[] {
  return [
    ...above('transactions', measured.transactions, budget.transactions),
    ...(['records', ...COUNTED] as const).flatMap((kind) =>
      namesOf(measured[kind], budget[kind]).flatMap((name) => {
        const [is, limit] = [measured[kind][name] ?? 0, budget[kind][name] ?? 0];
        const what = `${kind} of ${name}`;
        const table = withoutService(name);
        if (REPORTED.has(table)) return [];
        if (BATCHED.has(table)) return above(what, is, limit);
        const share = is > limit ? EXCESS : SHORTFALL;
        return Math.abs(is - limit) > Math.max(limit * share, NEAR_ZERO)
          ? [`${what}: ${is} per withdrawal, not ${limit}`]
          : [];
      }),
    ),
  ];
}

function above(what: string, is: number, limit: number): readonly string[] {
  if (is <= limit * BATCHED_FACTOR + BATCHED_EXCESS) return [];
  return [`${what}: ${is} per withdrawal, more than ${limit}`];
}

function withoutService(table: string): string {
  return table.slice(table.indexOf('.') + 1);
}

export function readLimits(): Limits {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Limits;
}

/** Writes the budget, and returns the file's path. */
export function writeLimits(limits: Limits): string {
  writeFileSync(FILE, `${JSON.stringify(limits, null, 2)}\n`);
  return FILE;
}

function namesOf(...counts: readonly Readonly<Record<string, number>>[]): readonly string[] {
  return [...new Set(counts.flatMap((one) => Object.keys(one)))].sort();
}

/** Keeps the figures that differ from zero by more than noise, in alphabetical order. */
function withoutZero(figures: readonly (readonly [string, number])[]): Record<string, number> {
  return Object.fromEntries(
    figures
      .filter(([, figure]) => Math.abs(figure) >= NEAR_ZERO / 4)
      .toSorted(([a], [b]) => a.localeCompare(b)),
  );
}

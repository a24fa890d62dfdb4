import { readdirSync, readFileSync } from 'node:fs';
import type { InvariantReport } from '@sluice/postgres';
import { foldDays, foldPostings, sumColumns } from '../sql/balances-at.js';
import { idRanges, type Query, type IdRange } from '../sql/id-ranges.js';

export type { InvariantReport };

const FOLDER = new URL('./invariants/', import.meta.url);
const POPULATIONS = ['populations', 'populations-by-entries', 'populations-by-holds'].map(
  (name) => new URL(`./${name}.sql`, import.meta.url),
);
const ROWS_SHOWN = 20;
const SCOPES = ['by entries', 'by holds', 'by sums', 'by days'] as const;

/**
 * Scope of an invariant's query, from its second line: ranges of entries or holds, all sums, the sums
 * of each day, or once.
 */
type QueryScope = (typeof SCOPES)[number] | 'once';

type Runs = Readonly<Record<QueryScope, readonly (readonly unknown[])[]>>;

/**
 * Runs every invariant; each row is a violation. Bounded ranges and shared sums: no statement grows
 * with the book.
 */
export async function checkInvariants(query: Query): Promise<InvariantReport> {
  const [entries, holds] = [
    await idRanges(query, 'journal_entry', 'id'),
    await idRanges(query, 'hold', 'withdrawal_id'),
  ];
  const sums = await foldPostings(query, entries);
  const runs: Runs = {
    'by entries': entries.map(bounds),
    'by holds': holds.map(bounds),
    'by sums': [sumColumns(sums)],
    'by days': [await foldDays(query, entries)],
    once: [[]],
  };
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'));
  const violations: { invariant: string; rows: object[] }[] = [];
  for (const file of files.sort()) {
    const sql = readFileSync(new URL(file, FOLDER), 'utf8');
    const rows = await violationsOf(query, sql, runs);
    if (rows.length > 0) violations.push({ invariant: nameOf(sql), rows });
  }
  return { checked: files.length, violations, populations: await populationsOf(query, runs) };
}

async function violationsOf(query: Query, sql: string, runs: Runs): Promise<object[]> {
  const rows: object[] = [];
  for (const params of runs[scopeOf(sql)]) {
    rows.push(
      ...(await query<object>(
        `SELECT * FROM (\n${sql}\n) AS violation LIMIT ${ROWS_SHOWN - rows.length}`,
        params,
      )),
    );
    if (rows.length === ROWS_SHOWN) break;
  }
  return rows;
}

async function populationsOf(query: Query, runs: Runs): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const file of POPULATIONS) {
    const sql = readFileSync(file, 'utf8');
    for (const params of runs[scopeOf(sql)]) {
      const [row = {}] = await query<Record<string, number>>(sql, params);
      for (const [kind, rows] of Object.entries(row)) counts[kind] = (counts[kind] ?? 0) + rows;
    }
  }
  return counts;
}

function bounds({ from, to }: IdRange): readonly string[] {
  return [from, to];
}

function nameOf(sql: string): string {
  return sql.slice('-- '.length, sql.indexOf('\n'));
}

function scopeOf(sql: string): QueryScope {
  const scope = SCOPES.find((one) => sql.includes(`\n-- ${one}\n`));
  return scope ?? 'once';
}

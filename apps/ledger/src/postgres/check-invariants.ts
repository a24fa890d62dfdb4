import { readdirSync, readFileSync } from 'node:fs';

export interface InvariantReport {
  readonly checked: number;
  readonly violations: readonly { readonly invariant: string; readonly rows: readonly object[] }[];
  /** Rows looked at, by kind: a check over nothing proves nothing. */
  readonly populations: Readonly<Record<string, number>>;
}

/** One statement, answering rows. */
export type Query = <R extends object>(sql: string) => Promise<R[]>;

const FOLDER = new URL('./invariants/', import.meta.url);
const POPULATIONS = new URL('./populations.sql', import.meta.url);
const ROWS_SHOWN = 20;

/** Runs every invariant of the folder, each in a snapshot of its own; an answer with rows is a violation. */
export async function checkInvariants(query: Query): Promise<InvariantReport> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.sql'));
  const violations: { invariant: string; rows: object[] }[] = [];
  for (const file of files.sort()) {
    const sql = readFileSync(new URL(file, FOLDER), 'utf8');
    const rows = await query(`SELECT * FROM (\n${sql}\n) AS violation LIMIT ${ROWS_SHOWN}`);
    if (rows.length > 0) violations.push({ invariant: nameOf(sql), rows });
  }
  const [populations = {}] = await query<Record<string, number>>(readFileSync(POPULATIONS, 'utf8'));
  return { checked: files.length, violations, populations };
}

function nameOf(sql: string): string {
  return sql.slice('-- '.length, sql.indexOf('\n'));
}

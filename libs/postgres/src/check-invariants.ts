import { readdirSync, readFileSync } from 'node:fs';
import type { Database } from './database.js';

export interface InvariantReport {
  readonly checked: number;
  readonly violations: readonly { readonly invariant: string; readonly rows: readonly object[] }[];
  /** Rows looked at, by kind: a check over nothing proves nothing. */
  readonly populations: Readonly<Record<string, number>>;
}

const POPULATIONS = 'populations.sql';
const ROWS_SHOWN = 20;

/**
 * Runs every invariant of a folder of SQL files. Each file's first line is `-- CODE what must hold`; its query answers the
 * rows for which it does not. `populations.sql` answers one row of counts.
 */
export async function checkInvariants(database: Pick<Database, 'query'>, folder: URL): Promise<InvariantReport> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.sql') && name !== POPULATIONS);
  const violations: { invariant: string; rows: object[] }[] = [];
  for (const file of files.sort()) {
    const sql = readFileSync(new URL(file, folder), 'utf8');
    const rows = await database.query<object>(`SELECT * FROM (\n${sql}\n) AS violation LIMIT ${ROWS_SHOWN}`);
    if (rows.length > 0) violations.push({ invariant: sql.slice('-- '.length, sql.indexOf('\n')), rows });
  }
  const [populations = {}] = await database.query<Record<string, number>>(readFileSync(new URL(POPULATIONS, folder), 'utf8'));
  return { checked: files.length, violations, populations };
}

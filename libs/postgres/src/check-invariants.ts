import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface InvariantReport {
  readonly checked: number;
  readonly violations: readonly { readonly invariant: string; readonly rows: readonly object[] }[];
  /** Rows looked at, by kind: a check over nothing proves nothing. */
  readonly populations: Readonly<Record<string, number>>;
}

/** A database, or one transaction of it: then all is looked at in one snapshot. */
export interface Queryable {
  query<R extends object>(sql: string, params?: readonly unknown[]): Promise<R[]>;
}

const POPULATIONS = 'populations.sql';
const ROWS_SHOWN = 20;

/**
 * Runs every invariant of these folders of SQL files.
 * Each file's first line is `-- name: what must hold`; its query, without a semicolon, answers the rows for which it does not.
 * A folder's `populations.sql` answers one row of counts.
 */
export async function checkInvariants(
  database: Queryable,
  ...folders: readonly URL[]
): Promise<InvariantReport> {
  const files = folders.flatMap(invariantsIn);
  const violations: { invariant: string; rows: object[] }[] = [];
  for (const file of files) {
    const sql = readFileSync(file, 'utf8');
    const rows = await database.query<object>(
      `SELECT * FROM (\n${sql}\n) AS violation LIMIT ${ROWS_SHOWN}`,
    );
    if (rows.length > 0)
      violations.push({ invariant: sql.slice('-- '.length, sql.indexOf('\n')), rows });
  }
  const populations: Record<string, number> = {};
  for (const folder of folders) Object.assign(populations, await populationsIn(database, folder));
  return { checked: files.length, violations, populations };
}

function invariantsIn(folder: URL): URL[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.sql') && name !== POPULATIONS);
  return files.sort().map((name) => new URL(name, folder));
}

async function populationsIn(database: Queryable, folder: URL): Promise<Record<string, number>> {
  const file = new URL(POPULATIONS, folder);
  if (!existsSync(file)) return {};
  const [counts = {}] = await database.query<Record<string, number>>(readFileSync(file, 'utf8'));
  return counts;
}

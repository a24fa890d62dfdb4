import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface InvariantReport {
  readonly checked: number;
  readonly violations: readonly { readonly invariant: string; readonly rows: readonly object[] }[];
  /** Number of rows checked, by kind: a check over zero rows proves no invariant. */
  readonly populations: Readonly<Record<string, number>>;
}

/** In a transaction all invariants are checked in the same snapshot. */
export interface Queryable {
  query<R extends object>(sql: string, params?: readonly unknown[]): Promise<R[]>;
}

const POPULATIONS = 'populations.sql';
const ROWS_SHOWN = 20;

export interface Invariant {
  readonly name: string;
  readonly sql: string;
}

interface LookOptions {
  readonly rows?: number;
  /** Limits the check to some rows: an SQL condition by table name. Default: all rows. */
  readonly only?: Readonly<Record<string, string>>;
}

/**
 * Runs the SQL files of these folders: a line `-- name: what must hold`, then a query, without
 * semicolon, for the rows in violation. `populations.sql` returns one row of counts.
 */
export async function checkInvariants(
  database: Queryable,
  ...folders: readonly URL[]
): Promise<InvariantReport> {
  const invariants = readInvariants(...folders);
  const violations: { invariant: string; rows: object[] }[] = [];
  for (const invariant of invariants) {
    const rows = await rowsThatBreak(database, invariant);
    if (rows.length > 0) violations.push({ invariant: invariant.name, rows });
  }
  const populations: Record<string, number> = {};
  for (const folder of folders) Object.assign(populations, await populationsIn(database, folder));
  return { checked: invariants.length, violations, populations };
}

/** Returns the invariants of the given folders, sorted by file name within each folder. */
export function readInvariants(...folders: readonly URL[]): readonly Invariant[] {
  return folders.flatMap(invariantsIn).map((file) => {
    const sql = readFileSync(file, 'utf8');
    return { name: sql.slice('-- '.length, sql.indexOf('\n')), sql };
  });
}

/** Returns the rows in violation of an invariant (default: 20 rows at most). */
export function rowsThatBreak(
  database: Queryable,
  { sql }: Invariant,
  { rows = ROWS_SHOWN, only = {} }: LookOptions = {},
): Promise<object[]> {
  // A CTE named like a table replaces the table everywhere in the invariant's query.
  const narrowed = Object.entries(only).map(
    ([table, conditionSql]) =>
      `${table} AS NOT MATERIALIZED (SELECT * FROM ${table} WHERE ${conditionSql})`,
  );
  const withSql = narrowed.length === 0 ? '' : `WITH ${narrowed.join(', ')} `;
  const statementSql = `${withSql}SELECT * FROM (\n${sql}\n) AS violation LIMIT $1`;
  return database.query<object>(statementSql, [rows]);
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

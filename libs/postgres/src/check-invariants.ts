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

/** One thing that must hold: a query that answers the rows for which it does not. */
export interface Invariant {
  /** The first line of its file: `name: what must hold`. */
  readonly name: string;
  readonly sql: string;
}

export interface LookOptions {
  readonly rows?: number;
  /** Looks only at these rows of these tables: a condition for each. */
  readonly only?: Readonly<Record<string, string>>;
}

/**
 * Runs every invariant of these folders of SQL files.
 * Each file's first line is `-- name: what must hold`; its query, without a semicolon, answers the rows for which it does not.
 * A folder's `populations.sql` answers one row of counts.
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

/** Those of these folders, in the order of their names in each. */
export function readInvariants(...folders: readonly URL[]): readonly Invariant[] {
  return folders.flatMap(invariantsIn).map((file) => {
    const sql = readFileSync(file, 'utf8');
    return { name: sql.slice('-- '.length, sql.indexOf('\n')), sql };
  });
}

/** The rows for which it does not hold. */
export function rowsThatBreak(
  database: Queryable,
  { sql }: Invariant,
  { rows = ROWS_SHOWN, only = {} }: LookOptions = {},
): Promise<object[]> {
  // Such a name is read instead of the table's everywhere in the query behind it.
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

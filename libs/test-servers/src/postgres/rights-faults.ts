import pg from 'pg';
import { withClient } from './start-postgres.js';

/** Rights as declared by a service: verbs by table, in the format of GRANT. */
interface DeclaredRights {
  readonly tables: Readonly<Record<string, string>>;
  readonly sequences?: readonly string[];
  readonly functions?: readonly string[];
}

interface Column {
  readonly table: string;
  readonly column: string;
}

const WHOLE = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'];
const DENIED = '42501';

/**
 * Returns the differences between a login's rights and the declared rights. Checks the catalogue,
 * and tries every undeclared verb on every table and column of the database. Each try is rolled
 * back, and no data is changed.
 */
export async function rightsFaults(
  serviceUrl: string,
  declared: DeclaredRights,
): Promise<readonly string[]> {
  return withClient(serviceUrl, async (client) => {
    // A statement about rows of accounts fails without this setting, before the check of rights.
    await client.query(`SELECT set_config('sluice.account', '*', false)`);
    return [...(await undeclared(client, declared)), ...(await notDenied(client, declared))];
  });
}

async function undeclared(
  client: pg.Client,
  { tables, sequences = [], functions = [] }: DeclaredRights,
): Promise<readonly string[]> {
  const has = await rows(client, HAS, [WHOLE]);
  const names = await rows(client, NORMALIZED, [functions]);
  const wants = [
    ...Object.entries(tables).flatMap(([table, verbs]) =>
      [...partsOf(verbs)].flatMap(([verb, columns]) =>
        columns === null
          ? [`${verb} on ${table}`]
          : columns.map((column) => `${verb} on ${table} (${column})`),
      ),
    ),
    ...sequences.map((sequence) => `USAGE on ${sequence}`),
    ...names.map((name) => `EXECUTE on ${name}`),
  ];
  return [
    ...has.filter((right) => !wants.includes(right)).map((right) => `has ${right}`),
    ...wants.filter((right) => !has.includes(right)).map((right) => `lacks ${right}`),
  ];
}

async function notDenied(
  client: pg.Client,
  { tables }: DeclaredRights,
): Promise<readonly string[]> {
  const { rows: columns } = await client.query<Column>(COLUMNS);
  const statements = [...Map.groupBy(columns, ({ table }) => table)].flatMap(([table, all]) =>
    forbidden(
      table,
      all.map(({ column }) => column),
      partsOf(tables[table] ?? ''),
    ),
  );
  const allowed: string[] = [];
  for (const statement of statements)
    if ((await errorOf(client, statement)) !== DENIED) allowed.push(`may ${statement}`);
  return allowed;
}

function forbidden(
  table: string,
  columns: readonly string[],
  parts: ReadonlyMap<string, readonly string[] | null>,
): readonly string[] {
  const name = pg.escapeIdentifier(table);
  const tries: Readonly<Record<string, string>> = {
    SELECT: `SELECT FROM ${name} LIMIT 0`,
    INSERT: `INSERT INTO ${name} DEFAULT VALUES`,
    DELETE: `DELETE FROM ${name} WHERE false`,
    TRUNCATE: `TRUNCATE ${name}`,
    TRIGGER: `CREATE TRIGGER mine BEFORE INSERT ON ${name} EXECUTE FUNCTION state_is_final()`,
    OWN: `ALTER TABLE ${name} ADD COLUMN mine integer`,
    DROP: `DROP TABLE ${name} CASCADE`,
  };
  const update = parts.has('UPDATE') ? (parts.get('UPDATE') ?? columns) : [];
  return [
    ...Object.entries(tries).flatMap(([verb, sql]) => (parts.has(verb) ? [] : [sql])),
    ...columns
      .filter((column) => !update.includes(column))
      .map((column) => `UPDATE ${name} SET ${pg.escapeIdentifier(column)} = DEFAULT WHERE false`),
  ];
}

/** Columns by verb, null where the verb is for the whole table. */
function partsOf(verbs: string): ReadonlyMap<string, readonly string[] | null> {
  return new Map(
    [...verbs.matchAll(/(\w+)(?:\s*\(([^)]*)\))?/g)].map(([, verb = '', columns]) => [
      verb,
      columns?.split(',').map((column) => column.trim()) ?? null,
    ]),
  );
}

async function errorOf(client: pg.Client, sql: string): Promise<string | undefined> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    return undefined;
  } catch (error) {
    return error instanceof pg.DatabaseError ? error.code : String(error);
  } finally {
    await client.query('ROLLBACK');
  }
}

async function rows(client: pg.Client, sql: string, values: unknown[]): Promise<string[]> {
  const { rows: found } = await client.query<{ right: string }>(sql, values);
  return found.map(({ right }) => right);
}

const RELATIONS = `pg_class c WHERE c.relnamespace = 'public'::regnamespace`;

const COLUMNS = `
  SELECT c.relname AS table, a.attname AS column
    FROM pg_attribute a JOIN (SELECT * FROM ${RELATIONS} AND relkind IN ('r', 'p')) AS c ON c.oid = a.attrelid
   WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, 2`;

const HAS = `
  SELECT verb || ' on ' || relname AS right
    FROM (SELECT * FROM ${RELATIONS} AND relkind IN ('r', 'p', 'v')) AS c, unnest($1::text[]) AS verb WHERE has_table_privilege(c.oid, verb)
  UNION ALL
  SELECT 'UPDATE on ' || c.relname || ' (' || a.attname || ')'
    FROM pg_attribute a JOIN (SELECT * FROM ${RELATIONS} AND relkind IN ('r', 'p', 'v')) AS c ON c.oid = a.attrelid
   WHERE a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(c.oid, a.attnum, 'UPDATE') AND NOT has_table_privilege(c.oid, 'UPDATE')
  UNION ALL
  SELECT verb || ' on ' || relname FROM (SELECT * FROM ${RELATIONS} AND relkind = 'S') AS c, unnest('{USAGE,SELECT,UPDATE}'::text[]) AS verb
   WHERE has_sequence_privilege(c.oid, verb)
  UNION ALL
  SELECT 'EXECUTE on ' || oid::regprocedure FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND has_function_privilege(oid, 'EXECUTE')
  UNION ALL
  SELECT 'CREATE on schema public' WHERE has_schema_privilege('public', 'CREATE')`;

/** Functions as the catalogue writes them. */
const NORMALIZED = `SELECT coalesce(to_regprocedure(name)::text, name) AS right FROM unnest($1::text[]) AS name`;

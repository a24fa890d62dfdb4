import type { Database } from '../database/database.js';
import { listRights, type Query, type Rights } from '../schema/rights.js';

/** Undeclared rights of this login, as `VERB on name (column)`. */
export async function surplusRights(query: Query, rights: Rights): Promise<readonly string[]> {
  const listed = listRights(rights).filter(({ kind }) => kind !== 'function');
  const declared = new Set(
    listed.map(
      ({ verb, name, column }) => `${verb} on ${name}${column === null ? '' : ` (${column})`}`,
    ),
  );
  const rows = await query<{ right: string }>(HELD, [rights.functions ?? []]);
  return rows.map(({ right }) => right).filter((right) => !declared.has(right));
}

/** Rights granted directly, by role, or to PUBLIC; functions only if undeclared. */
const HELD = `
  WITH relation AS (SELECT oid, relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace)
  SELECT verb || ' on ' || relname AS right
    FROM relation, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) AS verb
   WHERE relkind IN ('r', 'p', 'v') AND has_table_privilege(oid, verb)
  UNION ALL
  SELECT verb || ' on ' || relname || ' (' || attname || ')'
    FROM relation JOIN pg_attribute ON attrelid = oid, unnest('{SELECT,INSERT,UPDATE}'::text[]) AS verb
   WHERE relkind IN ('r', 'p', 'v') AND attnum > 0 AND NOT attisdropped
     AND has_column_privilege(oid, attnum, verb) AND NOT has_table_privilege(oid, verb)
  UNION ALL
  SELECT verb || ' on ' || relname FROM relation, unnest('{USAGE,SELECT,UPDATE}'::text[]) AS verb
   WHERE relkind = 'S' AND has_sequence_privilege(oid, verb)
  UNION ALL
  SELECT 'EXECUTE on ' || oid::regprocedure FROM pg_proc
   WHERE pronamespace = 'public'::regnamespace AND has_function_privilege(oid, 'EXECUTE')
     AND oid <> ALL (SELECT to_regprocedure(name) FROM unnest($1::text[]) AS name WHERE to_regprocedure(name) IS NOT NULL)
  UNION ALL
  SELECT 'CREATE on schema public' WHERE has_schema_privilege('public', 'CREATE')
  ORDER BY 1`;

/** A right in this database held by a role other than the owner and the service's login. */
interface ForeignGrant {
  /** Role with the right; null for all roles (PUBLIC). */
  readonly grantee: string | null;
  /** `SELECT on balance`. */
  readonly right: string;
}

/** Rights of PUBLIC and of third logins, without PostgreSQL's defaults. */
export function foreignGrants(query: Query): Promise<ForeignGrant[]> {
  return query<ForeignGrant>(GRANTS);
}

const GRANTS = `
  WITH granted AS (
    SELECT a.grantee, a.privilege_type, c.relname AS name, c.relowner AS owner
      FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT a.grantee, a.privilege_type, c.relname || ' (' || t.attname || ')', c.relowner
      FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid, aclexplode(t.attacl) a WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT a.grantee, a.privilege_type, p.oid::regprocedure::text, p.proowner
      FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE p.pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT a.grantee, a.privilege_type, 'schema public', n.nspowner
      FROM pg_namespace n, aclexplode(n.nspacl) a WHERE n.nspname = 'public' AND a.privilege_type <> 'USAGE'
    UNION ALL
    SELECT a.grantee, a.privilege_type, 'the database', d.datdba
      FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a WHERE d.datname = current_database()
  )
  SELECT CASE WHEN grantee = 0 THEN NULL ELSE pg_get_userbyid(grantee)::text END AS grantee, privilege_type || ' on ' || name AS right
    FROM granted
   WHERE grantee <> owner AND (grantee = 0 OR pg_get_userbyid(grantee) NOT IN (current_user, 'pg_database_owner'))
   ORDER BY 1 NULLS FIRST, 2`;

/** Powers of this connection's login beyond the granted rights. */
interface LoginPowers {
  readonly login: string;
  /** Role attributes not limited to a table: SUPERUSER, CREATEDB, … */
  readonly attributes: readonly string[];
  /** Other roles with rights inherited by the login. */
  readonly memberOf: readonly string[];
  /** Objects owned by the login: an owner has every right on the object. */
  readonly owns: readonly string[];
}

export async function loginPowers(query: Query): Promise<LoginPowers> {
  const [powers] = await query<LoginPowers>(POWERS);
  if (powers === undefined) throw new Error('the database does not know its own login');
  return powers;
}

/**
 * A superuser counts as one power, though a member of every role; `pg_database_owner` is the owner.
 */
const POWERS = `
  SELECT current_user::text AS login,
         array_remove(ARRAY[CASE WHEN rolsuper THEN 'SUPERUSER' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END,
           CASE WHEN rolcreaterole THEN 'CREATEROLE' END, CASE WHEN rolreplication THEN 'REPLICATION' END,
           CASE WHEN rolbypassrls THEN 'BYPASSRLS' END], NULL) AS attributes,
         ARRAY(SELECT other.rolname::text FROM pg_roles other
                WHERE NOT me.rolsuper AND other.oid <> me.oid AND other.rolname <> 'pg_database_owner' AND pg_has_role(me.oid, other.oid, 'MEMBER') ORDER BY 1) AS "memberOf",
         ARRAY(SELECT relname::text FROM pg_class WHERE relowner = me.oid AND relkind IN ('r', 'p', 'v', 'S')
               UNION ALL SELECT oid::regprocedure::text FROM pg_proc WHERE proowner = me.oid AND NOT me.rolsuper
               UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspowner = me.oid AND NOT me.rolsuper
               UNION ALL SELECT 'database ' || datname FROM pg_database WHERE datdba = me.oid AND datname = current_database()) AS owns
    FROM pg_roles me WHERE rolname = current_user`;

/**
 * Reason why the database accepts no writes, or null: a read-only or full server still answers
 * queries. Writes a row of a table for probes.
 */
export async function probeWrites(database: Database): Promise<string | null> {
  try {
    await database.withClient((client) =>
      client.query(
        `SET LOCAL statement_timeout = '5s'; UPDATE readiness_probe SET probed_at = clock_timestamp()`,
      ),
    );
    return null;
  } catch (error) {
    return `the database takes no writes: ${(error as Error).message || String((error as { code?: unknown }).code)}`;
  }
}

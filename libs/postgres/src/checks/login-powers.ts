import type { Query } from '../schema/rights.js';

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
 * A superuser is a member of every role; this counts as one power, not as many. `pg_database_owner`
 * is an alias for the owner of the database.
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

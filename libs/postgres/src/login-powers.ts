import type { Query } from './rights.js';

/** What the login of this connection is, beside the rights that it was granted. */
export interface LoginPowers {
  readonly login: string;
  /** Attributes of its role that reach beyond any table: SUPERUSER, CREATEDB, … */
  readonly attributes: readonly string[];
  /** Other roles whose rights it has. */
  readonly memberOf: readonly string[];
  /** What belongs to it: whoever owns a table may do everything to it. */
  readonly owns: readonly string[];
}

export async function loginPowers(query: Query): Promise<LoginPowers> {
  const [powers] = await query<LoginPowers>(POWERS);
  if (powers === undefined) throw new Error('the database does not know its own login');
  return powers;
}

/** A superuser is a member of every role: that is one power and not many. `pg_database_owner` is a name for whoever owns the database. */
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

import type { Query } from '../schema/rights.js';

/** A right in this database held by a role other than the owner and the service's login. */
interface ForeignGrant {
  /** Role with the right; null for all roles (PUBLIC). */
  readonly grantee: string | null;
  /** `SELECT on balance`. */
  readonly right: string;
}

/**
 * Returns the rights of PUBLIC and of third logins. Excluded are PostgreSQL's default rights of
 * PUBLIC to use the schema and the system tables.
 */
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

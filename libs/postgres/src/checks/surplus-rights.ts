import { listRights, type Query, type Rights } from '../schema/rights.js';

/**
 * Returns undeclared rights of this connection's login, as `VERB on name (column)`. The query needs
 * no rights.
 */
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

/**
 * Rights of the login, granted directly, by role membership, or to PUBLIC. Functions are listed
 * only if undeclared.
 */
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

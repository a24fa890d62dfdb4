/**
 * Columns that the login may change and an index covers, as sorted `table.column`. An update of
 * such a column writes to every index of its row.
 */
export async function changingIndexedColumns(
  run: (sql: string) => Promise<readonly object[]>,
): Promise<readonly string[]> {
  const rows = await run(CHANGING);
  return rows.flatMap((row) => ('line' in row ? String(row.line) : [])).sort();
}

// pg_depend also has the columns of expressions and conditions.
const CHANGING = `
  SELECT DISTINCT format('%s.%s', c.relname, a.attname) AS line
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
   WHERE (a.attnum = ANY (i.indkey)
          OR EXISTS (SELECT FROM pg_depend d WHERE d.objid = i.indexrelid AND d.refobjid = c.oid AND d.refobjsubid = a.attnum))
     AND has_column_privilege(c.oid, a.attnum, 'UPDATE')`;

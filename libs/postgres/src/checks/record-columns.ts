import type { Columns } from '@sluice/kernel';
import type { Database } from '../database/database.js';

/**
 * Returns the columns of a record's definition and the columns of its table, each as a sorted list
 * of `column type`. Generated columns are omitted. A test requires both lists to be equal.
 */
export async function recordColumns(
  database: Pick<Database, 'query'>,
  table: string,
  columns: Columns,
): Promise<{ declared: string[]; stored: string[] }> {
  const declared = Object.values(columns).map(
    ({ column, type, nullable }) => `${column} ${type}${nullable ? ' null' : ''}`,
  );
  const rows = await database.query<{ line: string }>(STORED, [table]);
  return { declared: declared.sort(), stored: rows.map(({ line }) => line).sort() };
}

const STORED = `
  SELECT format('%s %s%s', attname, replace(format_type(atttypid, NULL), 'timestamp with time zone', 'timestamptz'),
                CASE WHEN NOT attnotnull THEN ' null' END) AS line
    FROM pg_attribute
   WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`;

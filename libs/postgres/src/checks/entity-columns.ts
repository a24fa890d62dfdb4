import type { DataSource } from 'typeorm';
import type { Columns } from '@sluice/kernel';
import type { Database } from '../database/database.js';

/**
 * Columns of the entities and of the tables as sorted `table.column type`, required to be equal.
 */
export async function entityColumns(
  database: Database,
): Promise<{ mapped: string[]; stored: string[] }> {
  const { dataSource } = database;
  const tables = dataSource.entityMetadatas.map(({ tableName }) => tableName);
  const rows = await database.query<{ line: string }>(COLUMNS, [tables]);
  return { mapped: mappedColumns(dataSource).sort(), stored: rows.map(({ line }) => line).sort() };
}

function mappedColumns({ entityMetadatas, driver }: DataSource): string[] {
  return entityMetadatas.flatMap(({ tableName, columns }) =>
    columns.map((column) => {
      const type = `${driver.normalizeType(column)}${column.isArray ? '[]' : ''}`;
      const marks = `${column.isNullable ? ' null' : ''}${column.isPrimary ? ' key' : ''}`;
      return `${tableName}.${column.databaseName} ${type}${marks}`;
    }),
  );
}

const COLUMNS = `
  SELECT format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                CASE WHEN NOT a.attnotnull THEN ' null' END, CASE WHEN a.attnum = ANY (i.indkey) THEN ' key' END) AS line
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
   WHERE c.oid = ANY ($1::text[]::regclass[])`;

/**
 * Columns of a record's definition and of its table as sorted `column type`, without generated
 * ones, required to be equal.
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

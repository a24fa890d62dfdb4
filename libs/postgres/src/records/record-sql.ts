import type { Column, Columns, GivenRow, SqlType } from '@sluice/kernel';

// SQL from the column table of a record: its names and types only, values are parameters.

/** Names of the columns: `id, venue_reference`. */
export function namesOf(columns: Columns): string {
  return Object.values(columns)
    .map(({ column }) => column)
    .join(', ');
}

/** Select list with the names of the APIs: `id, number::text, next_attempt_at AS next_retry_at`. */
export function selectedByName(columns: Columns): string {
  return Object.values(columns)
    .map((column) =>
      column.api === undefined ? readSql(column) : `${readSql(column)} AS ${column.api}`,
    )
    .join(', ');
}

/**
 * Select list by property: `venue_reference AS "venueReference"`. `computed`: SQL of other
 * properties.
 */
export function selectedByProperty<P extends string>(
  columns: Readonly<Record<P, Column>>,
  computed: Partial<Readonly<Record<P, string>>> = {},
): string {
  return Object.entries<Column>(columns)
    .map(([property, column]) => {
      const sql = (computed as Readonly<Record<string, string>>)[property];
      if (sql === undefined && column.column === property && column.type !== 'bytea')
        return readSql(column);
      return `${sql ?? readSql(column)} AS "${property}"`;
    })
    .join(', ');
}

/** Rows of the parameter: `json_to_recordset($1::json) AS v (id uuid, venue_reference text)`. */
export function givenRows(alias: string, columns: Columns): string {
  const definitions = Object.values(columns).map(({ column, type }) => `${column} ${type}`);
  return `json_to_recordset($1::json) AS ${alias} (${definitions.join(', ')})`;
}

/** Assignments of an UPDATE from the given rows: `state = v.state, tx_hash = v.tx_hash`. */
export function assignmentsFrom(alias: string, columns: Columns): string {
  return Object.values(columns)
    .map(({ column }) => `${column} = ${alias}.${column}`)
    .join(', ');
}

/**
 * Parameter of `givenRows`. Numbers beyond a double are text; properties without a column are
 * dropped.
 */
export function rowsOf<C extends Columns>(
  columns: C,
  rows: readonly GivenRow<NoInfer<C>>[],
): string {
  const named = Object.entries(columns);
  return rowsJson(
    rows.map((row) =>
      Object.fromEntries(
        named.map(([property, { column, type }]) => [column, jsonValue(row[property], type)]),
      ),
    ),
  );
}

/** Throws for a date or number without a value: JSON would write null. */
function jsonValue(value: unknown, type: SqlType): unknown {
  if (type === 'bytea' && typeof value === 'string') return `\\x${value}`;
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new RangeError(`${value} is not a number that a column can have`);
  return value instanceof Date ? value.toISOString() : value;
}

const AS_TEXT: readonly SqlType[] = ['bigint', 'numeric'];

/** The driver may read numbers as doubles; text keeps every digit. */
function readSql({ column, type }: Column): string {
  if (type === 'bytea') return `encode(${column}, 'hex')`;
  return AS_TEXT.includes(type) ? `${column}::text` : column;
}

/**
 * Text that PostgreSQL cannot store: NUL and unpaired surrogates, sometimes an escaped backslash.
 */
const UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/**
 * Parameter of `json_to_recordset`. Unstorable characters of venue texts become U+FFFD: one row
 * would fail all.
 */
export function rowsJson(rows: readonly object[]): string {
  const json = JSON.stringify(rows);
  return UNSTORABLE.test(json) ? JSON.stringify(rows, storableValue) : json;
}

/** Returns text storable by PostgreSQL and valid in UTF-8. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

function storableValue(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? storable(value) : value;
}

interface SqlValues {
  uuid: string;
  text: string;
  /** Hexadecimal digits in the program. */
  bytea: string;
  'text[]': readonly string[];
  integer: number;
  bigint: string;
  numeric: string;
  boolean: boolean;
  timestamptz: Date;
  jsonb: unknown;
}

export type SqlType = keyof SqlValues;

export interface Column {
  readonly column: string;
  readonly type: SqlType;
  readonly nullable?: true;
  /** Name in the APIs; default: the name of the column. */
  readonly api?: string;
}

/** Columns of a record by property: the single definition of the record's fields. */
export type Columns = Readonly<Record<string, Column>>;

/** Row of a record, with a property per column. */
export type RowOf<C extends Columns> = {
  readonly [P in keyof C]: C[P] extends { readonly nullable: true }
    ? SqlValues[C[P]['type']] | null
    : SqlValues[C[P]['type']];
};

/** Row to be written. Instants may be text. */
export type GivenRow<C extends Columns> = {
  readonly [P in keyof C]: RowOf<C>[P] | (C[P]['type'] extends 'timestamptz' ? string : never);
};

export function columnsWhere<C extends Column>(
  columns: Readonly<Record<string, C>>,
  test: (column: C) => boolean,
): Readonly<Record<string, C>> {
  return Object.fromEntries(Object.entries(columns).filter(([, column]) => test(column)));
}

export function valuesOf<P extends string, R extends Readonly<Record<P, unknown>>>(
  columns: Readonly<Record<P, Column>>,
  row: R,
): Pick<R, P> {
  const properties = Object.keys(columns) as P[];
  return Object.fromEntries(properties.map((property) => [property, row[property]])) as Pick<R, P>;
}

import type { ReactNode } from 'react';

export interface TableColumn<Row> {
  readonly id: string;
  readonly name: string;
  readonly cell: (row: Row) => ReactNode;
  readonly isRight?: boolean;
  /** True for the column that names the row. */
  readonly isRowHeader?: boolean;
}

/** Plain table with headings for screen readers, wide tables scroll inside of their box. */
export function DataTable<Row>({
  label,
  columns,
  rows,
  keyOf,
  empty,
}: {
  readonly label: string;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Sentence for a list that was read and has no rows. */
  readonly empty: string;
}): ReactNode {
  if (rows.length === 0) return <p className="table-empty muted">{empty}</p>;
  return (
    <div className="table-box" role="region" aria-label={`Table: ${label}`} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            {columns.map(({ id, name, isRight }) => (
              <th key={id} scope="col" className={isRight ? 'right' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ id, cell, isRight, isRowHeader }) =>
                isRowHeader ? (
                  <th key={id} scope="row">
                    {cell(row)}
                  </th>
                ) : (
                  <td key={id} className={isRight ? 'right' : undefined}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Choice of the columns; the caller keeps it in the URL. */
export function ColumnChoice({
  columns,
  chosen,
  onChoose,
}: {
  readonly columns: readonly Pick<TableColumn<never>, 'id' | 'name'>[];
  readonly chosen: readonly string[];
  readonly onChoose: (chosen: readonly string[]) => void;
}): ReactNode {
  return (
    <details className="column-choice">
      <summary>Columns</summary>
      <fieldset className="choices">
        <legend className="hidden-text">Shown columns</legend>
        {columns.map(({ id, name }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              onChange={({ target }) =>
                onChoose(
                  columns
                    .map((column) => column.id)
                    .filter((one) => (one === id ? target.checked : chosen.includes(one))),
                )
              }
            />
            {name}
          </label>
        ))}
      </fieldset>
    </details>
  );
}

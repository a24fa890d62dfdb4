import type { ReactNode } from 'react';
import { DataTable, type TableColumn } from '../components/data-table.js';

interface Closable {
  readonly id: string;
  /** Null while the row is open. */
  readonly closed_at: string | null;
}

/** Table of the open rows, and below it the closed rows behind their number. */
export function OpenAndClosed<Row extends Closable>({
  rows,
  plural,
  open,
  closed,
  empty,
}: {
  readonly rows: readonly Row[];
  /** Name of the rows, for example `findings`. */
  readonly plural: string;
  readonly open: readonly TableColumn<Row>[];
  readonly closed: readonly TableColumn<Row>[];
  /** Sentence in place of the table without an open row. */
  readonly empty: string;
}): ReactNode {
  const ended = rows.filter(({ closed_at: at }) => at !== null);
  return (
    <>
      <DataTable
        label={`Open ${plural}`}
        columns={open}
        rows={rows.filter(({ closed_at: at }) => at === null)}
        keyOf={({ id }) => id}
        empty={empty}
      />
      {ended.length > 0 && (
        <details>
          <summary>
            {ended.length} closed {plural}
          </summary>
          <DataTable
            label={`Closed ${plural}`}
            columns={closed}
            rows={ended}
            keyOf={({ id }) => id}
            empty=""
          />
        </details>
      )}
    </>
  );
}

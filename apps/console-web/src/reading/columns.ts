import type { ReactNode } from 'react';
import type { TableColumn } from '../components/data-table.js';

/** Column of a table; the name is also the id. */
export function column<Row>(
  name: string,
  cell: (row: Row) => ReactNode,
  kind: 'plain' | 'right' | 'head' = 'plain',
): TableColumn<Row> {
  return { id: name, name, cell, isRight: kind === 'right', isRowHeader: kind === 'head' };
}

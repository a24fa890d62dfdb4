import { type Columns, columnsWhere, valuesOf } from './columns.js';

const COLUMNS = {
  id: { column: 'id', type: 'uuid' },
  endedAt: { column: 'ended_at', type: 'timestamptz', nullable: true },
} as const satisfies Columns;

describe('columns of a record', () => {
  it('are chosen by a test', () =>
    expect(columnsWhere<Columns[string]>(COLUMNS, ({ nullable }) => nullable === true)).toEqual({
      endedAt: COLUMNS.endedAt,
    }));

  it('choose the values of a row', () =>
    expect(valuesOf(COLUMNS, { id: 'a', endedAt: null, other: 1 })).toEqual({
      id: 'a',
      endedAt: null,
    }));
});

import { chosenColumns, columnsText } from './columns.js';

const ALL = ['number', 'state', 'amount', 'venue'];
const STANDARD = ['number', 'state'];

describe('columns', () => {
  it('are the default without a choice, or with unknown names alone', () => {
    expect(chosenColumns(undefined, ALL, STANDARD)).toEqual(STANDARD);
    expect(chosenColumns('', ALL, STANDARD)).toEqual(STANDARD);
    expect(chosenColumns('x,y', ALL, STANDARD)).toEqual(STANDARD);
  });

  it('have the order of the table, not that of the URL', () =>
    expect(chosenColumns('venue,x,number', ALL, STANDARD)).toEqual(['number', 'venue']));

  it('leave the URL as it is for the default', () => {
    expect(columnsText(['state', 'number'], STANDARD)).toBeUndefined();
    expect(columnsText(['number'], STANDARD)).toBe('number');
  });
});

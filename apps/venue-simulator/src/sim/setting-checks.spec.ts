import { changedRow, checkRecordChanges } from './setting-checks.js';

const ROW = { id: '1', amount: '5' };
const shown = (net_amount: string, fields: Record<string, string>) =>
  JSON.stringify(changedRow(ROW, { net_amount: '5' }, [{ net_amount, fields }]));

describe('changed rows', () => {
  it('keep the source text of each value', () => {
    expect(shown('5', { amount: '0.500000000000000000001e+1' })).toBe(
      '{"id":"1","amount":0.500000000000000000001e+1}',
    );
    expect(shown('', { amount: '"5,0"', id: '', status: 'null' })).toBe(
      '{"amount":"5,0","status":null}',
    );
  });

  it('are those of the named payment alone', () =>
    expect(shown('6', { amount: '6' })).toBe(JSON.stringify(ROW)));

  it.each([
    [[{ net_amount: '5', fields: { amount: '1e-8', id: 'null' } }], true],
    [[{ net_amount: '5', fields: { amount: '{}' } }], false],
    [[{ net_amount: '5' }], false],
  ])('are checked: %j', (changes, isGood) =>
    expect(checkRecordChanges(changes, 'record_changes') === null).toBe(isGood),
  );
});

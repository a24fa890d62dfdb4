import { recordsIn, withRecords } from './request-fault.js';

const RECORDS = [{ id: '1' }, { id: '2' }];

describe('the records of a listing', () => {
  it.each([
    ['the document itself', [], RECORDS],
    ['a field', ['data'], { total: 2, data: RECORDS }],
    ['a deeper field', ['result', 'rows'], { code: 0, result: { next: '', rows: RECORDS } }],
  ])('are read and replaced in %s', (_where, path, document) => {
    expect(recordsIn(document, path)).toEqual(RECORDS);
    const changed = withRecords(document, path, RECORDS.slice(1));
    expect(JSON.stringify(changed)).toBe(JSON.stringify(document).replace('{"id":"1"},', ''));
  });

  it('are none in a document of another form', () => {
    expect(recordsIn({ data: 'none' }, ['data', 'records'])).toEqual([]);
    expect(recordsIn(undefined, ['data'])).toEqual([]);
  });
});

import fc from 'fast-check';
import { rowsJson, storable } from './rows-json.js';

describe('rowsJson', () => {
  it('is plain JSON for what can be kept', () => {
    const rows = [{ text: 'ä 😀 \\u0000 \\ud83d', number: 1, none: null }];
    expect(JSON.parse(rowsJson(rows))).toEqual(rows);
  });

  it('puts U+FFFD in the place of NUL and of half a character, and changes nothing else', () => {
    const half = '😀'.slice(0, 1);
    expect(JSON.parse(rowsJson([{ body: `a\0b${half}`, deep: { list: [half] } }]))).toEqual([
      { body: 'a\ufffdb\ufffd', deep: { list: ['\ufffd'] } },
    ]);
  });

  it('never writes an escape that PostgreSQL refuses, whatever a venue says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(20), (text, length) => {
        const kept = (
          JSON.parse(rowsJson([{ text: text.slice(0, length) }])) as { text: string }[]
        )[0];
        expect(kept?.text).toBe(storable(text.slice(0, length)));
        expect(kept?.text.isWellFormed() && !kept.text.includes('\0')).toBe(true);
      }),
    );
  });
});

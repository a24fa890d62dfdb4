import fc from 'fast-check';
import type { Columns } from '@sluice/kernel';
import {
  assignmentsFrom,
  givenRows,
  namesOf,
  rowsJson,
  rowsOf,
  selectedByName,
  selectedByProperty,
  storable,
} from './record-sql.js';

const COLUMNS = {
  id: { column: 'id', type: 'uuid' },
  amount: { column: 'amount', type: 'numeric' },
  endedAt: { column: 'ended_at', type: 'timestamptz', nullable: true },
  block: { column: 'block_number', type: 'bigint', nullable: true },
} as const satisfies Columns;

describe('SQL of a record', () => {
  it('is made of the names and types of its columns', () => {
    expect(namesOf(COLUMNS)).toBe('id, amount, ended_at, block_number');
    expect(selectedByName(COLUMNS)).toBe('id, amount::text, ended_at, block_number::text');
    expect(selectedByProperty(COLUMNS)).toBe(
      'id, amount::text, ended_at AS "endedAt", block_number::text AS "block"',
    );
    expect(selectedByProperty(COLUMNS, { amount: 'amount - fee' })).toContain(
      'amount - fee AS "amount"',
    );
    expect(givenRows('v', COLUMNS)).toBe(
      'json_to_recordset($1::json) AS v (id uuid, amount numeric, ended_at timestamptz, block_number bigint)',
    );
    expect(assignmentsFrom('v', COLUMNS)).toBe(
      'id = v.id, amount = v.amount, ended_at = v.ended_at, block_number = v.block_number',
    );
  });

  it('has bytes as hexadecimal digits in the program', () => {
    const columns = { digest: { column: 'digest', type: 'bytea', nullable: true } } as const;
    expect(selectedByProperty(columns)).toBe(`encode(digest, 'hex') AS "digest"`);
    expect(rowsOf(columns, [{ digest: '00ff' }, { digest: null }])).toBe(
      String.raw`[{"digest":"\\x00ff"},{"digest":null}]`,
    );
  });

  it('has rows by column, with every digit, and drops what has no column', () => {
    const row = {
      id: 'a',
      amount: '123456789012345678.000000000000000001',
      endedAt: new Date('2026-11-20T08:00:05.999Z'),
      block: null,
      secret: 'not sent',
    };
    expect(rowsOf(COLUMNS, [row])).toBe(
      '[{"id":"a","amount":"123456789012345678.000000000000000001","ended_at":"2026-11-20T08:00:05.999Z","block_number":null}]',
    );
  });

  it('throws instead of writing null for an invalid date or number', () => {
    const row = { id: 'a', amount: '1', endedAt: new Date(''), block: null };
    expect(() => rowsOf(COLUMNS, [row])).toThrow(RangeError);
    const count = { column: 'count', type: 'integer' } as const;
    expect(() => rowsOf({ count }, [{ count: NaN }])).toThrow(RangeError);
  });
});

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

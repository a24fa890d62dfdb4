import { randomUUID } from 'node:crypto';
import { aRow, HOT, someRows, TANK } from '../testkit/wallets.js';
import { NonceMemory, type NonceRow } from './nonce-memory.js';

const SENDER = { chain_id: '31337', address: HOT };

function given(rows: readonly NonceRow[], remembered?: number): NonceMemory {
  const memory = new NonceMemory([SENDER], remembered);
  expect(rows.map((row) => memory.learn(row))).toEqual(rows.map(() => null));
  return memory;
}

describe('the memory of signed nonces', () => {
  const rows = someRows(3);
  const [first, second, third] = rows as [NonceRow, NonceRow, NonceRow];
  const asked = (row: NonceRow) => ({
    places: [{ ...SENDER, nonce: row.nonce }],
    withdrawalIds: [row.withdrawal_id ?? ''],
  });

  it('knows the head of each address, and takes a known row again', () => {
    const memory = given(rows);
    expect(memory.heads()).toEqual([{ ...SENDER, number: 3n }]);
    expect(memory.headOf({ chain_id: '31337', address: TANK })).toBe(0n);
    expect(memory.learn(second)).toBe(null);
  });

  it('agrees with true answers, and knows nothing against a new withdrawal', () => {
    const memory = given(rows);
    expect(memory.contradictionOf([second], asked(second))).toBe(null);
    expect(memory.contradictionOf([], asked(aRow({ nonce: '99' })))).toBe(null);
  });

  it.each<[string, readonly NonceRow[]]>([
    ['deleted', []],
    ['given to another withdrawal', [{ ...second, withdrawal_id: randomUUID() }]],
    ['given to no withdrawal', [{ ...second, withdrawal_id: null }]],
    ['moved to another nonce', [{ ...second, nonce: '99' }]],
    ['replaced under another number', [{ ...second, number: '4' }]],
  ])('contradicts a row that was %s', (_what, answer) => {
    const memory = given(rows);
    expect(memory.contradictionOf(answer, asked(second))).toMatch(/missing|replaced|another nonce/);
  });

  it('contradicts the question for a withdrawal alone, or for a nonce alone', () => {
    const memory = given(rows);
    expect(memory.contradictionOf([], { ...asked(second), places: [] })).toMatch(/missing/);
    expect(memory.contradictionOf([], { ...asked(second), withdrawalIds: [] })).toMatch(/missing/);
  });

  it('knows the withdrawals with a nonce', () => {
    const other = randomUUID();
    const memory = given(rows);
    const id = second.withdrawal_id ?? '';
    expect(memory.knownAmong([other, id])).toEqual([id]);
  });

  it('misses the newest row of an address', () => {
    const memory = given(rows);
    expect(memory.missingHead(memory.heads(), [third])).toBe(null);
    expect(memory.missingHead(memory.heads(), [])).toMatch(/^number 3 of /);
    expect(memory.missingHead(memory.heads(), [{ ...third, address: TANK }])).toMatch(/missing/);
  });

  it.each<[string, NonceRow]>([
    ['leaves a number out', aRow({ nonce: '50', number: '5', withdrawal_id: randomUUID() })],
    ['assigns a known nonce', { ...first, number: '4', withdrawal_id: randomUUID() }],
    ['assigns a known withdrawal', { ...first, number: '4', nonce: '50' }],
    ['has the number of another', { ...first, nonce: '50', withdrawal_id: randomUUID() }],
  ])('does not learn a row that %s', (_what, row) => {
    expect(given(rows).learn(row)).toMatch(/missing|second time|another nonce/);
  });

  it('forgets the oldest nonces, but never the head', () => {
    const memory = given(rows, 2);
    expect(memory.headOf(SENDER)).toBe(3n);
    expect(memory.contradictionOf([], asked(first))).toBe(null);
    expect(memory.contradictionOf([], asked(second))).toMatch(/missing/);
    expect(memory.learn(first)).toBe(null);
  });
});

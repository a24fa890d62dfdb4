import { CallError } from '../../api/call-error.js';
import { answerOf, headIn, headText } from './audit-heads.js';

const HASH = 'ab'.repeat(32);

describe('a head of the audit log', () => {
  it('is read as the command prints it, and written in the same form', () => {
    expect(headIn(` 12:${HASH} `)).toEqual({ sequence: '12', hash: HASH });
    expect(headText({ sequence: '12', hash: HASH })).toBe(`12:${HASH}`);
  });

  it('is nothing else', () => {
    for (const text of ['', '12', `0:${HASH}`, `12:${HASH.slice(1)}`, `12:${HASH.toUpperCase()}`])
      expect(headIn(text)).toBeNull();
  });
});

describe('a proof without an answer', () => {
  it('keeps the words of the service', () => {
    expect(answerOf('ledger', new CallError('ledger', 'no_answer', 'away', 504))).toEqual({
      service: 'ledger',
      status: 504,
      message: 'away',
    });
    expect(answerOf('ledger', new CallError('console', 'no_answer', 'gone')).status).toBe(502);
  });
});

import { verdictOf } from './invariant-verdict.js';

const answer = (service: string, violations: number) => ({
  service,
  status: 200,
  data: {
    checked: 10,
    violations: Array.from({ length: violations }, () => ({ invariant: 'I1', rows: [] })),
    populations: {},
  },
});
const away = { service: 'ledger', status: 502, message: 'connection refused' };

describe('the verdict on invariants', () => {
  it('is good only with the answer of every service', () => {
    expect(verdictOf([answer('a', 0), answer('b', 0)])).toEqual({
      tone: 'good',
      text: 'Each of 20 invariants holds.',
    });
    expect(verdictOf([answer('a', 0), away]).tone).toBe('bad');
    expect(verdictOf([]).text).toBe('A service did not answer: nothing is proven.');
  });

  it('names violations also if a service is away', () =>
    expect(verdictOf([answer('a', 2), away]).text).toBe('2 of 10 invariants are violated.'));
});

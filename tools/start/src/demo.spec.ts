import { demoWithdrawals, verdict } from './demo.js';

describe('verdict', () => {
  it('says ok only when every withdrawal was captured and nothing is violated', () => {
    expect(verdict({ requested: 2, captured: 2, violated: 0, faults: [] })).toBe('ok: 2 of 2 withdrawals captured, 0 invariants violated');
    expect(verdict({ requested: 2, captured: 2, violated: 1, faults: ['invariant violated: L1'] })).toBe(
      'failed: 2 of 2 withdrawals captured, 1 invariants violated',
    );
    expect(verdict({ requested: 2, captured: 1, violated: 0, faults: ['refused'] })).toMatch(/^failed: 1 of 2/);
  });
});

describe('demoWithdrawals', () => {
  it('asks for new payments at each start: a reference that was used before would be answered with the old one', () => {
    const references = (run: string): unknown[] => demoWithdrawals(run).map(({ body }) => body['client_reference']);

    expect(new Set([...references('first'), ...references('second')]).size).toBe(4);
  });
});

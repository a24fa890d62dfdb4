import type { Shown } from './demo-driver.js';
import { demoWithdrawals, describeTour, verdict } from './demo.js';

/** How a withdrawal of the demo went. */
function aShown(venue: string, state: Shown['detail']['state'] = 'completed'): Shown {
  const detail: Shown['detail'] = {
    id: '1',
    number: '1',
    state,
    status: 'confirmed',
    venue,
    tried: [],
    error_message: null,
    history: [],
  };
  return { label: '#1', title: 'one', detail };
}

describe('verdict', () => {
  it('is ok only if every withdrawal was captured, no invariant is violated and the tour succeeded', () => {
    expect(verdict({ requested: 2, captured: 2, violated: 0, faults: [] })).toBe(
      'ok: 2 of 2 withdrawals captured, 0 invariants violated',
    );
    expect(
      verdict({
        requested: 2,
        captured: 2,
        violated: 1,
        faults: ['invariant violated: each-entry-balances'],
      }),
    ).toBe('failed: 2 of 2 withdrawals captured, 1 invariants violated');
    expect(verdict({ requested: 2, captured: 1, violated: 0, faults: ['refused'] })).toMatch(
      /^failed: 1 of 2/,
    );
    expect(
      verdict({ requested: 2, captured: 2, violated: 0, faults: ['BitMart: ended as failed'] }),
    ).toMatch(/^failed: 2 of 2/);
  });
});

describe('the line of the tour', () => {
  it('counts venues that paid, each once, and names who gave to whom', () => {
    const tour = {
      shown: [aShown('upvest'), aShown('bybit'), aShown('bitmart'), aShown('bybit')],
      cancelled: 1,
      limited: 1,
      approved: 1,
    };

    expect(
      describeTour(
        { shown: [aShown('gateio'), aShown('gateio')] },
        { ...tour, failedOver: { from: 'Gate.io', to: 'Bybit' } },
      ),
    ).toBe(
      'tour: 4 venues paid (Gate.io, BitMart, Bybit, Upvest), 1 cancelled, 1 failed over from Gate.io to Bybit, 1 refused by a limit, 1 paid after two approvals',
    );
  });

  it('counts only completed steps', () => {
    const tour = {
      shown: [aShown('bybit', 'failed'), aShown('gateio', 'cancelled')],
      cancelled: 0,
      failedOver: undefined,
      limited: 0,
      approved: 0,
    };

    expect(describeTour({ shown: [] }, tour)).toBe(
      'tour: 0 venues paid (), 0 cancelled, 0 failed over, 0 refused by a limit, 0 paid after two approvals',
    );
  });
});

describe('demoWithdrawals', () => {
  it('asks for new payments at each start: a reference that was used before would be answered with the old one', () => {
    const references = (run: string): unknown[] =>
      demoWithdrawals(run).map(({ body }) => body['client_reference']);

    expect(new Set([...references('first'), ...references('second')]).size).toBe(4);
  });
});

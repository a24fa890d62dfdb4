import { REASON_SENTENCES, reasonCodeOf } from './reason-codes.js';

describe('the reason that a customer reads', () => {
  it.each([
    ['insufficient_funds', 'insufficient_funds'],
    ['account_frozen', 'account_not_enabled'],
    ['order_not_signed', 'order_not_signed'],
    ['proven_absent', 'declared_absent'],
    ['decided_absent', 'declared_absent'],
    ['expired', 'expired'],
    ['cancelled', 'cancelled'],
    ['limit', 'venue_rejected'],
    ['decided by an operator: ticket 1', 'venue_rejected'],
    ['toString', 'venue_rejected'],
  ])('for %s is %s', (reason, code) => {
    expect(reasonCodeOf(reason)).toBe(code);
  });

  it('never says that an account is frozen', () => {
    expect(JSON.stringify(REASON_SENTENCES)).not.toMatch(/fr[eo]+ze/i);
  });
});

import { REASON_SENTENCES, reasonCodeOf, refusalCodeOf } from './withdrawal.js';

describe('the reason that a customer reads', () => {
  it.each([
    ['insufficient_funds', 'insufficient_funds'],
    ['account_frozen', 'account_not_enabled'],
    ['order_not_signed', 'order_not_signed'],
    ['policy_denied', 'policy_denied'],
    ['limit_exceeded', 'limit_exceeded'],
    ['approval_refused', 'approval_refused'],
    ['approval_expired', 'approval_expired'],
    ['invalid_address', 'recipient_rejected'],
    ['proven_absent', 'declared_absent'],
    ['decided_absent', 'declared_absent'],
    ['expired', 'expired'],
    ['cancelled', 'cancelled'],
  ])('for %s is %s, whether the venue took the payment on or not', (reason, code) => {
    expect([refusalCodeOf(reason), reasonCodeOf(reason)]).toEqual([code, code]);
  });

  it.each(['insufficient_venue_funds', 'limit', 'venue_closed', 'rejected_by_venue', 'toString'])(
    'for a refusal with %s is broadcast_rejected, as the contract names it',
    (reason) => {
      expect(refusalCodeOf(reason)).toBe('broadcast_rejected');
    },
  );

  it.each(['reverted', 'failed_at_venue', 'decided by an operator: ticket 1', 'toString'])(
    'for a payment that was taken on and not made because of %s is venue_rejected',
    (reason) => {
      expect(reasonCodeOf(reason)).toBe('venue_rejected');
    },
  );

  it('never reveals that an account is frozen', () => {
    expect(JSON.stringify(REASON_SENTENCES)).not.toMatch(/fr[eo]+ze/i);
  });
});

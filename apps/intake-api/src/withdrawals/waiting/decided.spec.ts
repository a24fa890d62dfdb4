import type { State, Withdrawal } from '@sluice/withdrawal-core';
import { isAwaited } from './decided.js';

const CANCEL = { requestedAt: new Date(0), requestedBy: 'ck_1', refusal: null };

function aWithdrawal(change: Partial<Withdrawal> = {}): Withdrawal {
  return { venue: 'gateio', cancel: null, ...change } as Withdrawal;
}

describe('a step is awaited', () => {
  it.each<State>(['requested', 'submitting', 'uncertain', 'undecided', 'releasing', 'cancelling'])(
    'from %s: the venue has not decided',
    (before) => {
      expect(isAwaited(before, aWithdrawal())).toBe(true);
    },
  );

  it.each<State>(['submitted', 'broadcast', 'capturing'])(
    'from %s only with a request to cancel',
    (before) => {
      expect(isAwaited(before, aWithdrawal())).toBe(false);
      expect(isAwaited(before, aWithdrawal({ cancel: CANCEL }))).toBe(true);
    },
  );

  it.each(['gateio', 'wallet'])(
    'from awaiting_approval at %s only with a request to cancel',
    (venue) => {
      expect(isAwaited('awaiting_approval', aWithdrawal({ venue }))).toBe(false);
      expect(isAwaited('awaiting_approval', aWithdrawal({ venue, cancel: CANCEL }))).toBe(true);
    },
  );

  it('at our own wallet until the broadcast', () => {
    expect(isAwaited('submitted', aWithdrawal({ venue: 'wallet' }))).toBe(true);
    expect(isAwaited('broadcast', aWithdrawal({ venue: 'wallet' }))).toBe(false);
  });
});

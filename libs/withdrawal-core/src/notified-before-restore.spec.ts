import { advanceWithdrawal, type Fact } from './advance-withdrawal.js';
import { cancelOutcome, requestCancel } from './cancel-withdrawal.js';
import { AT, opened } from './testkit/opened.js';
import {
  asNotifiedBefore,
  requesterAfterRestore,
  notifiedBeforeRestore,
  type NotifiedEnd,
} from './notified-before-restore.js';
import type { State } from './withdrawal-states.js';
import type { Withdrawal } from './withdrawal.js';

const STOPPED: Fact = { trigger: 'cancelled', reason: 'cancelled', message: 'not sent' };
const EXPIRED: Fact = { trigger: 'refused', reason: 'expired', message: 'over' };
const REFUSED: Fact = { trigger: 'refused', reason: 'proven_absent', message: 'no payment' };
const FAILED: Fact = { trigger: 'failed', reason: 'rejected', message: 'CANCELLED' };
const ENDED: Fact = { trigger: 'approval_ended', reason: 'approval_expired' };
const RELEASED: Fact = { trigger: 'hold_released' };
const NEXT = {
  ...({ name: 'venue-b', pays: ['address'], state: 'on', minimum: null, maximum: null } as const),
  decimals: null,
  feePercent: null,
  feeFlat: null,
  submitWithinMs: null,
};

function cancelledAgain(notified: NotifiedEnd, change: Partial<Withdrawal>): Withdrawal {
  const destination = { type: 'address', address: '0x1' } as const;
  const request = requestCancel(
    { ...opened({ destination }), ...change },
    requesterAfterRestore(notified),
    AT,
  );
  if (!request.ok) throw new Error('too late');
  return request.value.withdrawal;
}

function endOf(withdrawal: Withdrawal, reported: Fact): [State, string[]] | null {
  const fact = asNotifiedBefore(withdrawal, reported);
  const step = advanceWithdrawal(withdrawal, fact, { at: AT, by: 'venue-a', route: [NEXT] });
  return step.ok
    ? [step.value.withdrawal.state, step.value.commands.map(({ kind }) => kind)]
    : null;
}

describe('a withdrawal reported as unpaid before a restore', () => {
  it.each<[NotifiedEnd, State, Fact, State]>([
    ['cancelled', 'submitting', STOPPED, 'cancelling'],
    ['cancelled', 'submitting', EXPIRED, 'cancelling'],
    ['cancelled', 'submitting', REFUSED, 'cancelling'],
    ['cancelled', 'undecided', REFUSED, 'cancelling'],
    ['failed', 'submitting', STOPPED, 'releasing'],
    ['failed', 'uncertain', STOPPED, 'releasing'],
    ['failed', 'submitting', EXPIRED, 'releasing'],
  ])('as %s in %s ends so again', (notified, state, fact, end) => {
    expect(endOf(cancelledAgain(notified, { state }), fact)).toEqual([end, ['release']]);
  });

  it.each<[NotifiedEnd, State, Fact, State]>([
    ['cancelled', 'awaiting_approval', ENDED, 'cancelled'],
    ['cancelled', 'requested', RELEASED, 'cancelled'],
    ['failed', 'awaiting_approval', RELEASED, 'failed'],
    ['failed', 'requested', ENDED, 'failed'],
  ])('as %s in %s ends so again without a venue', (notified, state, fact, end) => {
    const withdrawal = cancelledAgain(notified, { state });
    const step = advanceWithdrawal(withdrawal, asNotifiedBefore(withdrawal, fact), {
      at: AT,
      by: null,
      route: [],
    });
    expect(step).toMatchObject({ value: { withdrawal: { state: end }, commands: [] } });
  });

  it('as failed ends so again after the venue had accepted it', () => {
    const accepted = { state: 'submitted', venueReference: 'v1' } as const;
    expect(endOf(cancelledAgain('failed', accepted), STOPPED)).toEqual(['releasing', ['release']]);
  });

  it('as cancelled ends so again after the venue had accepted it, whatever the venue reports', () => {
    const accepted = { state: 'submitted', venueReference: 'v1' } as const;
    for (const fact of [STOPPED, FAILED])
      expect(endOf(cancelledAgain('cancelled', accepted), fact)).toEqual([
        'cancelling',
        ['release'],
      ]);
  });

  it('is known by its requester, and as failed shows no cancel request to the customer', () => {
    for (const notified of ['failed', 'cancelled'] as const)
      expect(notifiedBeforeRestore(cancelledAgain(notified, {}))).toBe(notified);
    expect(cancelOutcome(cancelledAgain('failed', {}))).toBeNull();
    expect(cancelOutcome(cancelledAgain('cancelled', {}))?.status).toBe('requested');
    expect(notifiedBeforeRestore({ cancel: null })).toBeNull();
  });
});

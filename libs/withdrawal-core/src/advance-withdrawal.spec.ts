import { Amount } from '@sluice/kernel';
import { advanceWithdrawal, type Fact } from './advance-withdrawal.js';
import { earlyReturn, noteEarlyReturn } from './known-facts.js';
import { AT, opened, USDT } from './testkit/opened.js';
import type { PolicyRefusal, Withdrawal } from './withdrawal.js';

const EVIDENCE = { at: AT, by: null, route: [] };

function after(...facts: Fact[]) {
  let withdrawal = opened();
  const commands: string[] = [];
  for (const fact of facts) {
    const step = advanceWithdrawal(withdrawal, fact, EVIDENCE);
    if (!step.ok) throw new Error(`${step.refusal.from} has no place for ${step.refusal.on}`);
    withdrawal = step.value.withdrawal;
    commands.push(...step.value.commands.map((command) => command.kind));
  }
  return { withdrawal, commands };
}

const accepted: Fact = { trigger: 'accepted', venueReference: 'w1', txHash: null };
const settled: Fact = { trigger: 'settled', txHash: '0xabc', venueFee: Amount.of('2', USDT) };

describe('the time that a venue has to begin', () => {
  const until = new Date(AT.getTime() + 60_000);
  const notAfter = (receiptEnds: Date | null, cancelled = false) => {
    const cancel = { requestedAt: AT, requestedBy: 'k', refusal: null };
    const step = advanceWithdrawal(
      { ...opened(), ...(cancelled && { cancel }) },
      { trigger: 'hold_placed', until: receiptEnds },
      EVIDENCE,
    );
    const [first] = step.ok ? step.value.commands : [];
    return first?.kind === 'submit' ? first.notAfter : undefined;
  };

  it('ends with the receipt of the ledger, or after the time of the route', () => {
    expect([notAfter(until), notAfter(null)]).toEqual([until, null]);
  });

  it('has ended for a cancelled withdrawal, and never exceeds the receipt', () => {
    const before = new Date(AT.getTime() - 1);
    expect([notAfter(until, true), notAfter(before, true)]).toEqual([AT, before]);
  });
});

describe('the approval of people', () => {
  const asked: Fact = {
    trigger: 'approval_asked',
    groups: 'treasury 2, compliance 1',
    expiresAt: new Date('2026-11-21T08:00:00Z'),
  };
  const cancel = { requestedAt: AT, requestedBy: 'k', refusal: null };
  const waiting = (change: Partial<Withdrawal> = {}): Withdrawal => ({
    ...opened(),
    state: 'awaiting_approval',
    sequence: 2,
    ...change,
  });

  it('is awaited without a command, with the end of the time to decide in the history', () => {
    expect(advanceWithdrawal(opened(), asked, EVIDENCE)).toMatchObject({
      value: {
        withdrawal: { state: 'awaiting_approval', sequence: 2, published: 1 },
        detail: 'treasury 2, compliance 1; until 2026-11-21T08:00:00.000Z',
        commands: [],
      },
    });
  });

  it('is followed by the same commands as a hold that needs no approval', () => {
    const until = new Date(AT.getTime() + 60_000);
    for (const change of [{}, { cancel }]) {
      const [granted, placed] = [waiting(change), { ...opened(), ...change }].map((withdrawal) =>
        advanceWithdrawal(withdrawal, { trigger: 'hold_placed', until }, EVIDENCE),
      );
      expect(granted).toMatchObject({ value: { withdrawal: { state: 'submitting' } } });
      expect(granted?.ok && granted.value.commands).toEqual(placed?.ok && placed.value.commands);
    }
  });

  it.each(['approval_refused', 'approval_expired', 'policy_denied'])(
    'that ends with %s ends the withdrawal without a command, also after a lost question',
    (reason) => {
      for (const withdrawal of [waiting(), waiting({ cancel }), opened()])
        expect(
          advanceWithdrawal(withdrawal, { trigger: 'approval_ended', reason }, EVIDENCE),
        ).toMatchObject({
          value: {
            withdrawal: { state: 'failed', reasonCode: reason },
            detail: reason,
            commands: [],
          },
        });
    },
  );

  it('is no longer wanted after a cancel request: the ledger releases the hold', () => {
    const release = { kind: 'release', reason: 'cancelled' };
    expect(advanceWithdrawal({ ...opened(), cancel }, asked, EVIDENCE)).toMatchObject({
      value: { commands: [release] },
    });
    expect(
      advanceWithdrawal(waiting({ cancel }), { trigger: 'hold_released' }, EVIDENCE),
    ).toMatchObject({ value: { withdrawal: { state: 'cancelled' }, commands: [] } });
  });

  it.each([waiting(), opened()])('is not given up without a cancel request', (withdrawal) => {
    expect(advanceWithdrawal(withdrawal, { trigger: 'hold_released' }, EVIDENCE)).toEqual({
      ok: false,
      refusal: { kind: 'illegal_transition', from: withdrawal.state, on: 'hold_released' },
    });
  });
});

describe('advanceWithdrawal', () => {
  it('submits once the hold is placed, captures once it is settled, and books the venue fee', () => {
    const { withdrawal, commands } = after({ trigger: 'hold_placed' }, accepted, settled, {
      trigger: 'hold_captured',
    });
    expect(commands).toEqual(['submit', 'capture', 'record_venue_fee']);
    expect(withdrawal).toMatchObject({
      state: 'completed',
      sequence: 5,
      published: 3,
      txHash: '0xabc',
      venueReference: 'w1',
      confirmedAt: AT,
    });
  });

  it.each([
    ['of the capture', Amount.of('2.0', USDT), true],
    ['of another amount', Amount.of('3', USDT), false],
    ['that the ledger has not booked', undefined, false],
    ['that the ledger has refused', null, false],
  ])('the fee %s: the ledger has booked %s (%s)', (_what, venueFee, isBooked) => {
    const { withdrawal, commands } = after({ trigger: 'hold_placed' }, accepted, settled, {
      trigger: 'hold_captured',
      ...(venueFee !== undefined && { venueFee }),
    });

    expect(withdrawal.venueFeeRecorded).toBe(isBooked);
    expect(commands).toEqual(['submit', 'capture', ...(isBooked ? [] : ['record_venue_fee'])]);
  });

  it('asks for no fee to be booked where the venue took none', () => {
    const free: Fact = { ...settled, venueFee: null };
    const { withdrawal, commands } = after({ trigger: 'hold_placed' }, accepted, free, {
      trigger: 'hold_captured',
      venueFee: Amount.of('2', USDT),
    });

    expect(withdrawal).toMatchObject({ venueFee: null, venueFeeRecorded: false });
    expect(commands).toEqual(['submit', 'capture']);
  });

  it('captures with the fee of the venue, and without a fee of nothing', () => {
    const feeIn = (venueFee: Amount | null) => {
      const fact: Fact = { ...settled, venueFee };
      const { withdrawal } = after({ trigger: 'hold_placed' }, accepted);
      const step = advanceWithdrawal(withdrawal, fact, EVIDENCE);
      return step.ok && step.value.commands;
    };

    const fee = Amount.of('2', USDT);
    expect(feeIn(fee)).toEqual([{ kind: 'capture', venueFee: fee }]);
    expect(feeIn(Amount.zero(USDT))).toEqual([{ kind: 'capture', venueFee: null }]);
    expect(feeIn(null)).toEqual([{ kind: 'capture', venueFee: null }]);
  });

  it('keeps the hold while the outcome is unknown, and goes on when it is found', () => {
    const { withdrawal, commands } = after(
      { trigger: 'hold_placed' },
      { trigger: 'outcome_unknown', cause: 'time-out' },
    );
    expect([withdrawal.state, commands]).toEqual(['uncertain', ['submit']]);
    expect(
      after({ trigger: 'hold_placed' }, { trigger: 'outcome_unknown', cause: 'time-out' }, accepted)
        .withdrawal.state,
    ).toBe('submitted');
  });

  it('releases on refusal with a reason code', () => {
    const refused: Fact = { trigger: 'refused', reason: 'limit', message: 'over the daily limit' };
    const { withdrawal, commands } = after({ trigger: 'hold_placed' }, refused, {
      trigger: 'hold_released',
    });
    expect([withdrawal.state, withdrawal.reasonCode, commands]).toEqual([
      'failed',
      'broadcast_rejected',
      ['submit', 'release'],
    ]);
  });

  it.each<[string, PolicyRefusal, string]>([
    [
      'limit_exceeded',
      { rule: 'per-day', remaining: '120', unit: 'EUR', freesAt: '2026-11-21T00:00:00.000Z' },
      'limit_exceeded: per-day',
    ],
    [
      'policy_denied',
      { rule: 'venues', remaining: null, unit: null, freesAt: null },
      'policy_denied: venues',
    ],
  ])('keeps the rule of the spending policy that refused the hold: %s', (reason, rule, detail) => {
    const fact: Fact = { trigger: 'hold_refused', reason, policyRefusal: rule };
    expect(advanceWithdrawal(opened(), fact, EVIDENCE)).toMatchObject({
      value: {
        detail,
        commands: [],
        withdrawal: { state: 'rejected', reasonCode: reason, policyRefusal: rule },
      },
    });
  });

  it('has no rule of the spending policy for another refusal', () => {
    const { withdrawal } = after({ trigger: 'hold_refused', reason: 'account_not_found' });
    expect(withdrawal).toMatchObject({ reasonCode: 'insufficient_funds', policyRefusal: null });
  });

  it('refuses a late contrary fact and changes nothing', () => {
    const { withdrawal } = after({ trigger: 'hold_placed' }, accepted, settled, {
      trigger: 'hold_captured',
    });
    const late = advanceWithdrawal(
      withdrawal,
      { trigger: 'failed', reason: 'x', message: 'y' },
      EVIDENCE,
    );
    expect(late).toEqual({
      ok: false,
      refusal: { kind: 'illegal_transition', from: 'completed', on: 'failed' },
    });
  });
});

describe('a payment that comes back', () => {
  const returned: Fact = {
    trigger: 'returned',
    amount: Amount.of('2', USDT),
    reason: 'returned',
    message: 'by the bank',
  };
  const paid: Fact[] = [{ trigger: 'hold_placed' }, accepted, settled];

  it('is credited by one command, and ends as returned', () => {
    const { withdrawal, commands } = after(...paid, { trigger: 'hold_captured' }, returned);

    expect(withdrawal).toMatchObject({ state: 'returning', returnedAmount: returned.amount });
    expect(commands.filter((kind) => kind === 'return')).toHaveLength(1);
    expect(withdrawal.returnedAt).toBeNull();
    const end = advanceWithdrawal(withdrawal, { trigger: 'return_booked' }, EVIDENCE);
    expect(end.ok && end.value.withdrawal).toMatchObject({ state: 'returned', returnedAt: AT });
  });

  it('is noted while the payment is not booked yet, and credited after the booking', () => {
    const capturing = after(...paid).withdrawal;
    const noted = noteEarlyReturn(capturing, returned);
    const booked = noted && advanceWithdrawal(noted, { trigger: 'hold_captured' }, EVIDENCE);
    if (!booked?.ok) throw new Error('the payment is not booked');

    expect(noted).toMatchObject({ state: 'capturing', returnedAmount: returned.amount });
    expect(earlyReturn(booked.value.withdrawal)).toMatchObject({ amount: returned.amount });
    expect(earlyReturn(after(...paid, { trigger: 'hold_captured' }).withdrawal)).toBeNull();
  });
});

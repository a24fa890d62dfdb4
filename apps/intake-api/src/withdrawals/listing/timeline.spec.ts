import { TRANSITIONS, type Trigger, type Withdrawal } from '@sluice/withdrawal-core';
import { aStored } from '../../testkit/a-withdrawal.js';
import { timelineOf, type RecordedStep } from './timeline.js';

const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 8, 0, second));
const step = (second: number, change: Partial<RecordedStep>): RecordedStep => ({
  to: 'submitting',
  trigger: 'hold_placed',
  detail: null,
  decision: null,
  at: at(second),
  ...change,
});
const REQUESTED = step(0, {
  to: 'requested',
  trigger: 'requested',
  detail: 'gateio',
  decision: { venue: 'gateio', named: false, passed: [] },
});
const withdrawal = (change: Partial<Omit<Withdrawal, 'order'>> = {}) =>
  aStored({}, change).withdrawal;

describe('timelineOf', () => {
  it('ends with what holds the order at its venue now, without a time', () => {
    const history = [REQUESTED, step(1, {})];

    expect(timelineOf(withdrawal({ state: 'submitting' }), history, 'gateio pause').at(-1)).toEqual(
      expect.objectContaining({
        at: null,
        event: 'waiting',
        stage: 'awaiting_venue',
        evidence: 'gateio takes no requests now, and is asked again',
      }),
    );
    const sent = timelineOf(withdrawal({ state: 'submitted' }), history, 'gateio pause');
    expect(sent.map(({ event }) => event)).toEqual(['requested', 'hold_placed']);
  });

  it('tells each step with its time, what it led to, and what it rests on', () => {
    const steps = timelineOf(withdrawal({ state: 'completed' }), [
      REQUESTED,
      step(1, {}),
      step(2, {
        trigger: 'rerouted',
        detail: 'insufficient_venue_funds: 12 USDT left; bybit',
        decision: { venue: 'bybit', named: false, passed: [] },
      }),
      step(3, { to: 'submitted', trigger: 'accepted', detail: 'at-venue-17' }),
      step(4, { to: 'broadcast', trigger: 'broadcast', detail: '0xabc' }),
      step(5, { to: 'capturing', trigger: 'settled', detail: '0xabc' }),
      step(6, { to: 'completed', trigger: 'hold_captured' }),
    ]);

    expect(
      steps.map(({ event, venue, tx_hash, status }) => [event, venue, tx_hash, status]),
    ).toEqual([
      ['requested', 'gateio', null, 'pending'],
      ['hold_placed', 'gateio', null, 'pending'],
      ['rerouted', 'bybit', null, 'pending'],
      ['accepted', 'bybit', null, 'pending'],
      ['broadcast', 'bybit', '0xabc', 'broadcasted'],
      ['settled', 'bybit', '0xabc', 'broadcasted'],
      ['hold_captured', 'bybit', null, 'confirmed'],
    ]);
    expect(steps[2]).toMatchObject({
      at: '2026-11-20T08:00:02+00:00',
      evidence: 'gateio has refused it, which proves that nothing was paid; bybit gets it',
    });
  });

  it('says nothing in the words of a venue or an operator, nor what a venue has', () => {
    const secret = '12 USDT left in house account 7';
    const triggers = new Set(Object.values(TRANSITIONS).flatMap((exits) => Object.keys(exits)));
    for (const trigger of triggers) {
      const shown = timelineOf(withdrawal(), [
        REQUESTED,
        step(1, {
          trigger: trigger as Trigger,
          detail: `insufficient_venue_funds: ${secret}`,
          decision: { venue: null, named: false, passed: [{ venue: 'bybit', because: 'limits' }] },
        }),
      ]);
      const onChain = trigger === 'broadcast' || trigger === 'settled';
      expect(onChain || !JSON.stringify(shown).includes('USDT')).toBe(true);
    }
  });

  it.each([
    ['refused', 'refused_by_recipient: no such user', 'The venue does not pay this recipient'],
    [
      'assignment_refused',
      'limit_exceeded',
      'This withdrawal exceeds a limit of the spending policy',
    ],
    ['failed', 'whatever: text', 'The venue did not make this payment'],
    ['refused', null, 'The payment was refused before it was broadcast'],
  ] as const)(
    'gives the reason of what was %s with %s as its code has it',
    (trigger, detail, sentence) => {
      const [, ended] = timelineOf(withdrawal(), [
        REQUESTED,
        step(1, { to: 'releasing', trigger, detail }),
      ]);
      expect(ended?.evidence).toContain(sentence);
    },
  );

  it('has the approval of people, without the names of their groups', () => {
    const asked = step(1, {
      to: 'awaiting_approval',
      trigger: 'approval_asked',
      detail: 'treasury 2; until 2026-11-21T08:00:00.000Z',
    });
    const shown = (next: RecordedStep) => timelineOf(withdrawal(), [REQUESTED, asked, next]);
    const granted = shown(step(2, { to: 'submitting', trigger: 'hold_placed' }));

    expect(granted[1]).toMatchObject({ status: 'pending', stage: 'awaiting_approval' });
    expect(granted[2]?.evidence).toBe('It was approved');
    expect(JSON.stringify(granted)).not.toContain('treasury');
    const ended = step(2, { to: 'failed', trigger: 'approval_ended', detail: 'approval_expired' });
    expect(shown(ended)[2]).toMatchObject({
      status: 'failed',
      evidence: 'The ledger has given back what was reserved: The payment was not approved in time',
    });
  });

  it('has the wish to cancel where it was made', () => {
    const cancel = { requestedAt: at(2), requestedBy: 'ck_1', refusal: null };
    const steps = timelineOf(withdrawal({ state: 'submitted', cancel }), [
      REQUESTED,
      step(1, {}),
      step(3, { to: 'submitted', trigger: 'accepted' }),
    ]);
    expect(steps.map(({ event }) => event)).toEqual([
      'requested',
      'hold_placed',
      'cancel_requested',
      'accepted',
    ]);
    expect(steps[2]).toMatchObject({
      at: '2026-11-20T08:00:02+00:00',
      stage: 'awaiting_venue',
      evidence: expect.stringContaining('You asked to cancel it. The venue has the withdrawal'),
    });
    expect(JSON.stringify(steps)).not.toContain('ck_1');
  });
});

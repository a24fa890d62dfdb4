import type { PreparedCall } from '../api/prepared-call.js';
import { FRESH, nextState, SENT_ELSEWHERE, type ActionState } from './action-state.js';

const CALL: PreparedCall = {
  service: 'ledger',
  method: 'POST',
  path: '/internal/approvals/7',
  body: '{"digest":"ab"}',
  shape: 'one',
  roles: ['approve'],
};
const DONE = { kind: 'done', answer: {}, secrets: [] } as const;
const SENDING: ActionState = { step: 'sending', call: CALL, isProven: false };
const PASSKEY: ActionState = { step: 'passkey', call: CALL, problem: 'needed' };

describe('an action', () => {
  it('goes from the form to the answer', () => {
    expect(nextState(FRESH, { kind: 'sent', call: CALL })).toEqual(SENDING);
    expect(nextState(SENDING, { kind: 'outcome', outcome: DONE })).toEqual({
      step: 'ended',
      outcome: DONE,
    });
  });

  it('keeps its bytes for the passkey', () => {
    expect(nextState(SENDING, { kind: 'passkey needed', problem: 'needed' })).toEqual(PASSKEY);
    expect(nextState(PASSKEY, { kind: 'sent', call: CALL })).toEqual({
      step: 'sending',
      call: CALL,
      isProven: true,
    });
  });

  it('is not sent again after its end, nor while it is under way', () => {
    const ended: ActionState = { step: 'ended', outcome: DONE };

    expect(nextState(ended, { kind: 'sent', call: CALL })).toBe(ended);
    expect(nextState(SENDING, { kind: 'sent', call: CALL })).toBe(SENDING);
  });

  it('returns to the form with the faults of the service', () =>
    expect(
      nextState(SENDING, { kind: 'faults', faults: { reason: 'Field required' }, refusal: null }),
    ).toEqual({ step: 'form', faults: { reason: 'Field required' }, refusal: null }));

  it('ends when another tab has sent it, unless its own call is under way', () => {
    for (const state of [FRESH, PASSKEY])
      expect(nextState(state, { kind: 'sent elsewhere' })).toEqual({
        step: 'ended',
        outcome: { kind: 'refused', status: null, message: SENT_ELSEWHERE },
      });
    expect(nextState(SENDING, { kind: 'sent elsewhere' })).toBe(SENDING);
  });
});

import type { PreparedCall } from '../api/prepared-call.js';
import type { FieldFaults } from './form-body.js';
import type { ActionOutcome } from './outcome.js';

/** Where an action is. A call is sent only by the step from `form` or `passkey` to `sending`. */
export type ActionState =
  | { readonly step: 'form'; readonly faults: FieldFaults; readonly refusal: string | null }
  | { readonly step: 'sending'; readonly call: PreparedCall; readonly isProven: boolean }
  | { readonly step: 'passkey'; readonly call: PreparedCall; readonly problem: string }
  | { readonly step: 'ended'; readonly outcome: ActionOutcome };

type ActionEvent =
  | { readonly kind: 'faults'; readonly faults: FieldFaults; readonly refusal: string | null }
  | { readonly kind: 'sent'; readonly call: PreparedCall }
  | { readonly kind: 'passkey needed'; readonly problem: string }
  | { readonly kind: 'outcome'; readonly outcome: ActionOutcome }
  | { readonly kind: 'sent elsewhere' };

export const FRESH: ActionState = { step: 'form', faults: {}, refusal: null };

export const SENT_ELSEWHERE =
  'Another tab has just sent this action. Close this dialog, and read the state now.';

/** Next state of an action. An event that does not fit the state changes nothing. */
export function nextState(state: ActionState, event: ActionEvent): ActionState {
  switch (event.kind) {
    case 'faults':
      return state.step === 'ended' || state.step === 'passkey'
        ? state
        : { step: 'form', faults: event.faults, refusal: event.refusal };
    case 'sent':
      return state.step === 'form' || state.step === 'passkey'
        ? { step: 'sending', call: event.call, isProven: state.step === 'passkey' }
        : state;
    case 'passkey needed':
      return state.step === 'sending'
        ? { step: 'passkey', call: state.call, problem: event.problem }
        : state;
    case 'outcome':
      return state.step === 'sending' ? { step: 'ended', outcome: event.outcome } : state;
    case 'sent elsewhere':
      return state.step === 'form' || state.step === 'passkey'
        ? { step: 'ended', outcome: { kind: 'refused', status: null, message: SENT_ELSEWHERE } }
        : state;
  }
}

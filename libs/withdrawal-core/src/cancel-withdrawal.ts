import { ok, refuse, type Result } from '@sluice/result';
import type { Command } from './advance-withdrawal.js';
import type { State } from './withdrawal-states.js';
import type { Withdrawal } from './withdrawal.js';

/** A request to cancel on record, and the commands that it needs: none before the submit command exists. */
export interface CancelRequested {
  readonly withdrawal: Withdrawal;
  readonly commands: readonly Command[];
}

export interface CancelTooLate {
  readonly kind: 'too_late';
  readonly state: State;
}

/** Who can still stop a withdrawal in this state. `nobody`: it is paid, or proven not to be. */
const STOPPED_BY: Readonly<Record<State, 'us' | 'venue' | 'nobody'>> = {
  requested: 'us',
  submitting: 'venue',
  uncertain: 'venue',
  undecided: 'venue',
  submitted: 'venue',
  broadcast: 'venue',
  capturing: 'nobody',
  releasing: 'nobody',
  cancelling: 'nobody',
  rejected: 'nobody',
  completed: 'nobody',
  failed: 'nobody',
  cancelled: 'nobody',
};

/** Takes a request to cancel. A repeat is the same request: it changes and sends nothing. */
export function requestCancel(
  withdrawal: Withdrawal,
  requestedBy: string,
  at: Date,
): Result<CancelRequested, CancelTooLate> {
  const { state } = withdrawal;
  if (withdrawal.cancel && isStopped(state)) return ok({ withdrawal, commands: [] });
  const stoppedBy = STOPPED_BY[state];
  if (stoppedBy === 'nobody') return refuse({ kind: 'too_late', state });
  if (withdrawal.cancel) return ok({ withdrawal, commands: [] });
  return ok({
    withdrawal: { ...withdrawal, cancel: { requestedAt: at, requestedBy, refusal: null } },
    commands: stoppedBy === 'venue' ? [{ kind: 'cancel' }] : [],
  });
}

/** Notes that the venue will not stop it. Null when that changes nothing: nobody asked, it was noted before, or it is stopped already. */
export function recordCancelRefused(withdrawal: Withdrawal, message: string): Withdrawal | null {
  const { cancel, state } = withdrawal;
  if (cancel === null || cancel.refusal !== null || isStopped(state)) return null;
  return { ...withdrawal, cancel: { ...cancel, refusal: message } };
}

/** What became of the request so far. `done` is certain: the hold is back and nothing was paid. */
export interface CancelOutcome {
  readonly status: 'requested' | 'refused' | 'done';
  /** Why it was refused, or what it waits for. */
  readonly message: string | null;
}

/** What decides about a request that is on record. */
const WAITS_FOR: Readonly<Record<State, string | null>> = {
  requested: 'Nothing will be sent. It ends when the hold is decided',
  submitting:
    'The venue has not answered yet. It is stopped if nothing was sent, or if the venue stops it',
  uncertain: 'It may have been sent. It is stopped only if it is proven that nothing was',
  undecided:
    'It may have been sent, and one of our operators decides. It is stopped only if nothing was',
  submitted: 'The venue has it and is asked to stop it. It is paid unless the venue does',
  broadcast: 'The venue has it and is asked to stop it. It is paid unless the venue does',
  cancelling: 'Nothing is paid. The hold is on its way back',
  capturing: null,
  releasing: null,
  rejected: null,
  completed: null,
  failed: null,
  cancelled: null,
};

/** What the venue says of it stays with the operators. */
const NOT_STOPPED = 'The venue no longer stops it';

/** Null when nobody has asked to cancel it. */
export function cancelOutcome({ cancel, state }: Withdrawal): CancelOutcome | null {
  if (cancel === null) return null;
  if (state === 'cancelled') return { status: 'done', message: null };
  if (state === 'cancelling') return { status: 'requested', message: WAITS_FOR[state] };
  if (cancel.refusal !== null) return { status: 'refused', message: NOT_STOPPED };
  if (state === 'capturing' || state === 'completed')
    return { status: 'refused', message: 'It was paid before it could be stopped' };
  if (STOPPED_BY[state] === 'nobody')
    return { status: 'refused', message: 'It failed before it could be stopped' };
  return { status: 'requested', message: WAITS_FOR[state] };
}

/** Whether a venue has it, so that its answer to the cancel command may come at once. */
export function isAtVenue({ state }: Withdrawal): boolean {
  return state === 'submitted' || state === 'broadcast';
}

function isStopped(state: State): boolean {
  return state === 'cancelling' || state === 'cancelled';
}

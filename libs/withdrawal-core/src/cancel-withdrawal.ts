import { ok, refuse, type Result } from '@sluice/kernel';
import { RELEASE_CANCELLED, type SagaCommand, type Withdrawal } from './withdrawal.js';
import { notifiedBeforeRestore } from './notified-before-restore.js';
import type { State } from './withdrawal-states.js';

/** A recorded cancel request and its commands: none before the submit command, except a release. */
interface CancelRequested {
  readonly withdrawal: Withdrawal;
  readonly commands: readonly SagaCommand[];
}

export interface CancelTooLate {
  readonly kind: 'too_late';
  readonly state: State;
}

/**
 * Party able to stop each state. `ledger`: no venue pays before the approval. `nobody`: paid, or
 * proven unpaid.
 */
const STOPPED_BY: Readonly<Record<State, 'us' | 'ledger' | 'venue' | 'nobody'>> = {
  requested: 'us',
  awaiting_approval: 'ledger',
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
  returning: 'nobody',
  returned: 'nobody',
  failed: 'nobody',
  cancelled: 'nobody',
};

const COMMANDS: Readonly<Record<'us' | 'ledger' | 'venue', readonly SagaCommand[]>> = {
  us: [],
  ledger: [RELEASE_CANCELLED],
  venue: [{ kind: 'cancel' }],
};

/** Records a cancel request. A repeat is the same request: no change, no command. */
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
    commands: COMMANDS[stoppedBy],
  });
}

/** Records the venue's refusal to stop. Null if nothing changes. */
export function recordCancelRefused(withdrawal: Withdrawal, message: string): Withdrawal | null {
  const { cancel, state } = withdrawal;
  if (cancel === null || cancel.refusal !== null || isStopped(state)) return null;
  return { ...withdrawal, cancel: { ...cancel, refusal: message } };
}

/** Result of a cancel request. `done` is certain: released, and nothing was paid. */
export interface CancelOutcome {
  readonly status: 'requested' | 'refused' | 'done';
  /** Reason of the refusal, or the pending condition. */
  readonly message: string | null;
}

/** Condition deciding a recorded cancel request, by state. */
const WAITS_FOR: Readonly<Record<State, string | null>> = {
  requested: 'Nothing will be sent. It ends when the hold is decided',
  awaiting_approval: 'Nothing was sent. It is stopped unless it was approved before the request',
  submitting:
    'The venue has not answered yet. It is stopped if nothing was sent, or if the venue stops it',
  uncertain: 'It may have been sent. It is stopped only if it is proven that nothing was',
  undecided:
    'It may have been sent, and one of our operators decides. It is stopped only if nothing was',
  submitted:
    'The venue has the withdrawal and was requested to stop it. It is paid unless the venue stops it',
  broadcast:
    'The venue has the withdrawal and was requested to stop it. It is paid unless the venue stops it',
  cancelling: 'Nothing is paid. The hold is on its way back',
  capturing: null,
  releasing: null,
  rejected: null,
  completed: null,
  returning: null,
  returned: null,
  failed: null,
  cancelled: null,
};

/** The venue's own words are visible to operators only. */
const NOT_STOPPED = 'The venue no longer stops it';

const PAID: ReadonlySet<State> = new Set(['capturing', 'completed', 'returning', 'returned']);

/** Returns null if the customer requested no cancel. */
export function cancelOutcome({ cancel, state }: Withdrawal): CancelOutcome | null {
  if (cancel === null || notifiedBeforeRestore({ cancel }) === 'failed') return null;
  if (state === 'cancelled') return { status: 'done', message: null };
  if (state === 'cancelling') return { status: 'requested', message: WAITS_FOR[state] };
  if (cancel.refusal !== null) return { status: 'refused', message: NOT_STOPPED };
  if (PAID.has(state))
    return { status: 'refused', message: 'It was paid before it could be stopped' };
  if (STOPPED_BY[state] === 'nobody')
    return { status: 'refused', message: 'It failed before it could be stopped' };
  return { status: 'requested', message: WAITS_FOR[state] };
}

/** Returns whether a venue has the withdrawal, and may answer the cancel command at once. */
export function isAtVenue({ state }: Withdrawal): boolean {
  return state === 'submitted' || state === 'broadcast';
}

function isStopped(state: State): boolean {
  return state === 'cancelling' || state === 'cancelled';
}

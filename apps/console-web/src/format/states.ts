import type { WithdrawalRowDto } from '@sluice/http-api';

export type Tone = 'good' | 'wait' | 'bad' | 'quiet';

type RowState = WithdrawalRowDto['state'];

/** States of a withdrawal, in order of occurrence. */
const WITHDRAWAL_TONES: Readonly<Record<RowState, Tone>> = {
  requested: 'quiet',
  awaiting_approval: 'wait',
  submitting: 'quiet',
  uncertain: 'wait',
  undecided: 'bad',
  submitted: 'quiet',
  broadcast: 'quiet',
  capturing: 'quiet',
  releasing: 'quiet',
  cancelling: 'quiet',
  rejected: 'bad',
  completed: 'good',
  returning: 'wait',
  returned: 'wait',
  failed: 'bad',
  cancelled: 'quiet',
};

export const WITHDRAWAL_STATES = Object.keys(WITHDRAWAL_TONES) as readonly RowState[];

const ENDS: readonly string[] = ['rejected', 'completed', 'returned', 'failed', 'cancelled'];

/** States in which money may still move. */
export const OPEN_STATES = WITHDRAWAL_STATES.filter((state) => !ENDS.includes(state));

/** Tones of states of other things: approvals, submissions, holds, passkeys, deliveries. */
const OTHER_TONES: Readonly<Record<string, Tone>> = {
  accepted: 'quiet',
  active: 'good',
  approved: 'good',
  awaited: 'wait',
  captured: 'good',
  closed: 'quiet',
  confirmed: 'good',
  dead: 'bad',
  delivered: 'good',
  disputed: 'bad',
  expired: 'quiet',
  held: 'wait',
  pending: 'wait',
  refused: 'bad',
  refusing: 'wait',
  released: 'quiet',
  repeating: 'wait',
  revoked: 'quiet',
  settled: 'good',
  unknown: 'wait',
  void: 'quiet',
  waiting: 'wait',
};

export function toneOf(state: string): Tone {
  return (
    (WITHDRAWAL_TONES as Readonly<Record<string, Tone>>)[state] ?? OTHER_TONES[state] ?? 'quiet'
  );
}

/** Name of a state for people: `awaiting_approval` is `awaiting approval`. */
export function stateName(state: string): string {
  return state.replaceAll('_', ' ');
}

import type { SubmissionState } from './submission-states.js';

export type SubmissionEventKind =
  | 'submission-accepted'
  | 'submission-refused'
  | 'submission-unknown'
  | 'withdrawal-settled'
  | 'withdrawal-returned'
  | 'withdrawal-failed';

/**
 * Event published on entering a state. Every path to `settled` and `failed` passes `accepted`,
 * hence submission-accepted always comes first; `returned` follows `settled`. `repeating`, `refusing`, `not_sent`, `absent` and
 * `disputed` are internal and publish no event.
 */
export const EVENT_ON_ENTERING: Readonly<Record<SubmissionState, SubmissionEventKind | null>> = {
  prepared: null,
  sending: null,
  refusing: null,
  accepted: 'submission-accepted',
  unknown: 'submission-unknown',
  repeating: null,
  undecided: 'submission-unknown',
  disputed: null,
  not_sent: null,
  absent: null,
  refused: 'submission-refused',
  settled: 'withdrawal-settled',
  returned: 'withdrawal-returned',
  failed: 'withdrawal-failed',
};

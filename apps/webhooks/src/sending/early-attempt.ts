import type { NewDelivery, PlannedDelivery } from '../events/schedule-deliveries.js';
import { type AttemptOutcome, isDelivered } from './mark-outcomes.js';

/** Attempt begun before the delivery's row is stored. */
export interface EarlyAttempt {
  readonly at: Date;
  readonly outcome: Promise<AttemptOutcome>;
  answered: AttemptOutcome | null;
}

/** A success of a failing webhook is stored later, since it also ends the series of failures. */
export function rowOf(planned: PlannedDelivery, attempt: EarlyAttempt | undefined): NewDelivery {
  if (!attempt) return { ...planned, attempt: null };
  const { at: begunAt, answered } = attempt;
  const answer = answered?.answer;
  if (
    !answered ||
    answer?.kind !== 'answered' ||
    !isDelivered(answer) ||
    planned.webhook?.isFailing
  )
    return { ...planned, attempt: { begunAt, success: null } };
  const success = { durationMs: answered.tookMs, status: answer.status, answer: answer.answer };
  return { ...planned, attempt: { begunAt, success } };
}

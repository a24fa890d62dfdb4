import { Counter, Gauge, Histogram } from 'prom-client';
import type { ClaimedDelivery } from './claim-deliveries.js';
import { isDelivered, type AttemptOutcome } from './mark-outcomes.js';

const attempts = new Counter({
  name: 'sluice_webhook_attempts_total',
  help: 'Attempts to deliver, by what came of them: delivered, or the status or the word of a failure',
  labelNames: ['outcome'],
});
const durations = new Histogram({
  name: 'sluice_webhook_attempt_seconds',
  help: 'How long a receiver took to answer, or until the attempt was given up',
  buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
});
const firstAttempts = new Histogram({
  name: 'sluice_webhook_first_attempt_seconds',
  help: 'From the transaction that scheduled a delivery to the beginning of its first attempt',
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 60],
});
const late = new Counter({
  name: 'sluice_webhook_late_outcomes_total',
  help: 'Outcomes that came when their lease was over, and changed nothing',
});
export const attemptsUnderWay = new Gauge({
  name: 'sluice_webhook_attempts_under_way',
  help: 'Attempts of this process that have no outcome yet',
});

export function countAttempt(
  { attemptCount, createdAt }: ClaimedDelivery,
  { at, tookMs, answer }: Omit<AttemptOutcome, 'delivery'>,
): void {
  const failure = answer.kind === 'failed' ? answer.error : `status_${answer.status}`;
  attempts.inc({ outcome: isDelivered(answer) ? 'delivered' : failure });
  durations.observe(tookMs / 1_000);
  if (attemptCount === 0)
    firstAttempts.observe(Math.max(0, at.getTime() - createdAt.getTime()) / 1_000);
}

export function countLate(outcomes: number): void {
  late.inc(outcomes);
}

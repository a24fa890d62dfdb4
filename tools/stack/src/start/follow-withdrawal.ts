import { setTimeout as sleep } from 'node:timers/promises';
import type { WithdrawalDto } from '@sluice/http-api';
import type { IntakeAdmin } from '@sluice/admin-client';

/** Step in a withdrawal's history. */
export type HistoryStep = WithdrawalDto['history'][number];

const FINAL: ReadonlySet<string> = new Set(['confirmed', 'failed', 'cancelled']);
const PAUSE_MS = 150;
const REMINDER_MS = 10_000;

/**
 * Reports each step once, immediately, until the withdrawal is final. After ten seconds without a
 * step, reports the reason for waiting. Throws after `timeoutMs` with this reason.
 */
export async function followWithdrawal(
  intake: IntakeAdmin,
  number: number,
  report: {
    readonly onStep: (step: HistoryStep) => void;
    readonly onWait: (awaits: string) => void;
  },
  timeoutMs: number,
): Promise<WithdrawalDto> {
  const deadline = Date.now() + timeoutMs;
  let lastReported = 0;
  let remindAt = Date.now() + REMINDER_MS;
  for (;;) {
    const detail = await intake.withdrawal(number);
    for (const step of detail.history.filter(({ sequence }) => sequence > lastReported)) {
      report.onStep(step);
      lastReported = step.sequence;
      remindAt = Date.now() + REMINDER_MS;
    }
    if (FINAL.has(detail.status)) return detail;
    if (detail.awaits !== null && Date.now() > remindAt) {
      report.onWait(detail.awaits);
      remindAt += REMINDER_MS;
    }
    if (Date.now() > deadline)
      throw new Error(
        `withdrawal ${number} is still ${detail.status} after ${timeoutMs / 1000} s, and awaits ${detail.awaits}`,
      );
    await sleep(PAUSE_MS);
  }
}

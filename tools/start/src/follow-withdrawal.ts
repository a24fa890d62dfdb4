import { setTimeout as sleep } from 'node:timers/promises';
import type { WithdrawalDto } from '@sluice/admin-api';
import type { IntakeAdmin } from '@sluice/admin-client';

/** One step in a withdrawal's history. */
export type HistoryStep = WithdrawalDto['history'][number];

const FINAL: ReadonlySet<string> = new Set(['confirmed', 'failed', 'cancelled']);
const PAUSE_MS = 150;

/** Reports each step once, as it appears, until the withdrawal is final. Throws after `timeoutMs` with what it was waiting for. */
export async function followWithdrawal(
  intake: IntakeAdmin,
  number: number,
  onStep: (step: HistoryStep) => void,
  timeoutMs: number,
): Promise<WithdrawalDto> {
  const deadline = Date.now() + timeoutMs;
  let lastReported = 0;
  for (;;) {
    const detail = await intake.withdrawal(number);
    for (const step of detail.history.filter(({ sequence }) => sequence > lastReported)) {
      onStep(step);
      lastReported = step.sequence;
    }
    if (FINAL.has(detail.status)) return detail;
    if (Date.now() > deadline)
      throw new Error(
        `withdrawal ${number} is still ${detail.status} after ${timeoutMs / 1000} s; it awaits ${detail.awaits}`,
      );
    await sleep(PAUSE_MS);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminClient } from '@sluice/stack';

/** One step in a withdrawal's history, as the intake's admin API shows it. */
export interface HistoryStep {
  readonly sequence: number;
  readonly to: string;
  /** The fact that led here. */
  readonly trigger: string;
  readonly detail: string | null;
  readonly at: string;
}

export interface WithdrawalDetail {
  /** The id that all services know it by; the public number is another. */
  readonly id: string;
  readonly state: string;
  readonly status: string;
  /** The one that has it now. */
  readonly venue: string;
  /** Venues that had it before, each with proof that nothing moved there. */
  readonly tried: readonly string[];
  /** What it waits for, in a sentence; null at the end. */
  readonly awaits: string | null;
  readonly error_message: string | null;
  readonly history: readonly HistoryStep[];
}

const FINAL = new Set(['confirmed', 'failed', 'cancelled']);
const PAUSE_MS = 150;

/** Reports each step once, as it appears, until the withdrawal is final. Throws after `timeoutMs` with what it was waiting for. */
export async function followWithdrawal(
  operator: AdminClient,
  number: number,
  onStep: (step: HistoryStep) => void,
  timeoutMs: number,
): Promise<WithdrawalDetail> {
  const deadline = Date.now() + timeoutMs;
  let lastReported = 0;
  for (;;) {
    const detail = await operator.intake<WithdrawalDetail>(
      'GET',
      `/internal/withdrawals/${number}`,
    );
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

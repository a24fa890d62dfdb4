import { setTimeout as sleep } from 'node:timers/promises';
import type { WithdrawalDto } from '@sluice/http-api';
import type { IntakeAdmin } from '@sluice/admin-client';
import { AdminClients } from '../clients/admin-clients.js';
import { SignedClient } from '../clients/signed-client.js';
import type { DemoAccount, RunFile } from '../layout/run-file.js';
import { printCancel, printRequest, printStep, printWaiting } from './print-demo.js';

/** Withdrawal requested by the demo. */
export interface Wanted {
  readonly label: string;
  readonly title: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Withdrawal fields used by the demo. */
type ShownWithdrawal = Pick<
  WithdrawalDto,
  'id' | 'number' | 'state' | 'status' | 'venue' | 'tried' | 'error_message' | 'history'
>;

/** Result of a demo withdrawal. */
export interface Shown {
  readonly label: string;
  readonly title: string;
  readonly detail: ShownWithdrawal;
}

/**
 * Time limit of a withdrawal in ms: a fail-over waits for the listing bound of the refusing venue.
 */
const PAID_WITHIN_MS = 120_000;

/** Requests withdrawals like a product team, and prints each step immediately. */
export class DemoDriver {
  readonly client: SignedClient;
  readonly operator: AdminClients;

  constructor(run: RunFile, account: DemoAccount) {
    this.client = new SignedClient([run.intake_url], account);
    this.operator = new AdminClients(() => run);
  }

  /**
   * Requests a withdrawal and follows the withdrawal to the end. `waiting` is printed in place of
   * the API's reason for waiting. Throws if the withdrawal is refused, or does not end within two
   * minutes.
   */
  async pay(
    { label, title, body }: Wanted,
    onStep: (step: HistoryStep, number: number) => void = () => undefined,
    waiting?: string,
  ): Promise<Shown> {
    const since = Date.now();
    const answer = await this.client.call('POST', '/v1/withdrawals', { body });
    printRequest(label, title, answer, Date.now() - since);
    if (answer.status !== 200)
      throw new Error(`${title}: refused with ${answer.status} ${answer.message}`);
    const { withdrawal_id: number } = answer.data as { withdrawal_id: number };
    const onEachStep = (step: HistoryStep): void => {
      printStep(label, step, since);
      onStep(step, number);
    };
    return {
      label,
      title,
      detail: await followWithdrawal(
        this.operator.intake,
        number,
        { onStep: onEachStep, onWait: (awaits) => printWaiting(label, waiting ?? awaits, since) },
        PAID_WITHIN_MS,
      ),
    };
  }

  /**
   * Pays, and calls `DELETE /v1/withdrawals/{id}` as soon as a venue has the withdrawal. Throws if
   * the API does not accept the cancel request.
   */
  async payAndCancel(wanted: Wanted): Promise<Shown> {
    let wish: Promise<void> | undefined;
    const shown = await this.pay(wanted, ({ to }, number) => {
      if (to === 'submitted') wish ??= this.cancel(wanted, number);
    });
    await wish;
    return shown;
  }

  private async cancel({ label, title }: Wanted, number: number): Promise<void> {
    const answer = await this.client.call('DELETE', `/v1/withdrawals/${number}`);
    printCancel(label, number, answer);
    if (answer.status !== 200)
      throw new Error(`${title}: the cancel is answered ${answer.status} ${answer.message}`);
  }
}

/** Step in a withdrawal's history. */
export type HistoryStep = WithdrawalDto['history'][number];

const FINAL: ReadonlySet<string> = new Set(['confirmed', 'failed', 'cancelled']);
const PAUSE_MS = 150;
const REMINDER_MS = 10_000;

/**
 * Reports each step once, immediately, until the withdrawal is final. After ten seconds without a
 * step, reports the reason for waiting. Throws after `timeoutMs` with this reason.
 */
async function followWithdrawal(
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

export interface Outcomes {
  readonly shown: readonly Shown[];
  /** Faults, a line each. */
  readonly faults: readonly string[];
}

/** Requests the withdrawals over the public API and follows them to their ends, showing each step as it happens. Never throws. */
export async function payAll(
  driver: DemoDriver,
  withdrawals: readonly Wanted[],
): Promise<Outcomes> {
  const outcomes = await Promise.allSettled(withdrawals.map((wanted) => driver.pay(wanted)));
  const shown = outcomes.flatMap((outcome) =>
    outcome.status === 'fulfilled' ? [outcome.value] : [],
  );
  return { shown, faults: [...outcomes.flatMap(reasonOf), ...shown.flatMap(notCompleted)] };
}

/** Returns the reasons of a rejection as text for a person; empty after success. */
export function reasonOf(outcome: PromiseSettledResult<unknown>): string[] {
  if (outcome.status === 'fulfilled') return [];
  return [outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason)];
}

export function notCompleted({ title, detail }: Shown): string[] {
  return detail.state === 'completed'
    ? []
    : [`${title}: ended as ${detail.status}: ${detail.error_message ?? detail.state}`];
}

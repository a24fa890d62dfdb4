import type { WithdrawalDto } from '@sluice/http-api';
import { AdminClients } from '../clients/admin-clients.js';
import { IntakeClient } from '../clients/intake-client.js';
import type { DemoAccount, RunFile } from '../layout/run-file.js';
import { followWithdrawal, type HistoryStep } from './follow-withdrawal.js';
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
  readonly client: IntakeClient;
  readonly operator: AdminClients;

  constructor(run: RunFile, account: DemoAccount) {
    this.client = new IntakeClient(run.intake_url, account);
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

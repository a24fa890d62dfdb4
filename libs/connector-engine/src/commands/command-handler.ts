import { Inject, Injectable } from '@nestjs/common';
import { OrderCheck } from '@sluice/service-shell';
import { SendAuthority } from '../authority/send-authority.js';
import { UnclaimedReport } from '../record/unclaimed-report.js';
import { SubmissionWorkers } from '../worker/submission-workers.js';
import { orderFault } from './order-fault.js';
import { StoreCommands } from './store-commands.js';
import { SubmitHandler } from './submit-handler.js';
import { isSubmit, type ReportUnclaimedCommand, type VenueCommand } from './venue-command.js';

/**
 * Handles a batch of commands in one transaction: stores orders, notes or answers cancel requests.
 * The handler sends no payment.
 */
@Injectable()
export class CommandHandler {
  private readonly orders: OrderCheck<VenueCommand>;

  constructor(
    authority: SendAuthority,
    private readonly commands: StoreCommands,
    private readonly submissions: SubmitHandler,
    @Inject(SubmissionWorkers) private readonly workers: Pick<SubmissionWorkers, 'wake' | 'peekIn'>,
    @Inject(UnclaimedReport) private readonly unclaimed: Pick<UnclaimedReport, 'ask'>,
  ) {
    this.orders = new OrderCheck('connector', (command) => orderFault(command, authority));
  }

  async handle(batch: readonly VenueCommand[]): Promise<void> {
    this.orders.require(batch);
    const forms = () => [
      ...new Set(batch.filter(isSubmit).flatMap((one) => this.submissions.formOf(one)?.form ?? [])),
    ];
    const peeked = await this.commands.store(batch, (tx) => this.workers.peekIn(tx, forms()));
    this.unclaimed.ask(batch.filter(isReportUnclaimed).map(({ data }) => data));
    this.workers.wake(forms(), peeked);
  }
}

function isReportUnclaimed(command: VenueCommand): command is ReportUnclaimedCommand {
  return command.type === 'venue.report-unclaimed.v1';
}

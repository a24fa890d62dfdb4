import { Inject, Injectable } from '@nestjs/common';
import { type HaltToOpen, openHalts, OrderCheck } from '@sluice/service-shell';
import { UnitOfWork } from '@sluice/postgres';
import { SendAuthority } from '../authority/send-authority.js';
import { LostIntents } from '../restore/lost-intents.js';
import { reportAgain } from '../sent/sent-report.js';
import { UnclaimedReport } from '../record/unclaimed-report.js';
import { SubmissionWorkers } from '../worker/submission-workers.js';
import { CancelHandler } from './cancel-handler.js';
import { orderFault } from './order-fault.js';
import { RepeatedOrders } from './repeated-orders.js';
import { SubmissionReport, type RequestedReport } from './submission-report.js';
import { SubmitHandler } from './submit-handler.js';
import type {
  CancelCommand,
  HaltCommand,
  ReportAgainCommand,
  ReportCommand,
  ReportUnclaimedCommand,
  SubmitCommand,
  VenueCommand,
} from './venue-command.js';

const LONGEST_REASON = 64;

/**
 * Handles a batch of commands in one transaction: stores orders, notes or answers cancel requests.
 * The handler sends no payment.
 */
@Injectable()
export class CommandHandler {
  private readonly orders: OrderCheck<VenueCommand>;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly submissions: SubmitHandler,
    private readonly cancels: CancelHandler,
    private readonly report: SubmissionReport,
    private readonly repeated: RepeatedOrders,
    authority: SendAuthority,
    private readonly lost: LostIntents,
    @Inject(SubmissionWorkers) private readonly workers: Pick<SubmissionWorkers, 'wake'>,
    @Inject(UnclaimedReport) private readonly unclaimed: Pick<UnclaimedReport, 'ask'>,
  ) {
    this.orders = new OrderCheck('connector', (command) => orderFault(command, authority));
  }

  async handle(batch: readonly VenueCommand[]): Promise<void> {
    this.orders.require(batch);
    await this.unitOfWork.run(async (tx) => {
      const fresh = await tx.claimInbox(batch);
      await openHalts(tx, fresh.filter(isHalt).map(haltOf), 'intake-api');
      await reportAgain(
        tx,
        fresh.filter(isReportAgain).map(({ data }) => data.since),
      );
      const known = await this.submissions.insert(tx, fresh.filter(isSubmit));
      await this.lost.putBack(
        tx.query.bind(tx),
        fresh.filter(isSubmit).flatMap(({ data }) => data.clientReference ?? []),
      );
      // after the inserts: a batch may contain a withdrawal and the cancel command for the same
      // withdrawal
      await this.cancels.note(tx, fresh.filter(isCancel));
      const same = await this.repeated.check(tx, known);
      await this.report.answer(tx, [
        ...same.map(orderedAgain),
        ...fresh.filter(isReport).flatMap(askedIn),
      ]);
    });
    this.unclaimed.ask(batch.filter(isReportUnclaimed).map(({ data }) => data));
    this.workers.wake(
      batch.filter(isSubmit).flatMap((order) => this.submissions.formOf(order)?.form ?? []),
    );
  }
}

function isSubmit(command: VenueCommand): command is SubmitCommand {
  return command.type === 'venue.submit-withdrawal.v1';
}

function isCancel(command: VenueCommand): command is CancelCommand {
  return command.type === 'venue.cancel-withdrawal.v1';
}

function isReport(command: VenueCommand): command is ReportCommand {
  return command.type === 'venue.report-submissions.v1';
}

function isReportAgain(command: VenueCommand): command is ReportAgainCommand {
  return command.type === 'venue.report-again.v1';
}

function isReportUnclaimed(command: VenueCommand): command is ReportUnclaimedCommand {
  return command.type === 'venue.report-unclaimed.v1';
}

function isHalt(command: VenueCommand): command is HaltCommand {
  return command.type === 'venue.halt.v1';
}

function haltOf({ data }: HaltCommand): HaltToOpen {
  const { reason, subject, details, accountId } = data;
  const halt = { reason: reason.slice(0, LONGEST_REASON), subject, details };
  return accountId === undefined ? halt : { ...halt, scope: 'account', target: accountId };
}

function askedIn({ id, time, data }: ReportCommand): RequestedReport[] {
  return data.items.map((item) => ({ ...item, messageId: id, time }));
}

/** A repeated order means a sender without the events: they are published again. */
function orderedAgain({ id, time, data }: SubmitCommand): RequestedReport {
  return { withdrawalId: data.withdrawalId, state: 'submitting', messageId: id, time };
}

import { Injectable } from '@nestjs/common';
import { type HaltToOpen, openHalts } from '@sluice/service-shell';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { LostIntents } from '../restore/lost-intents.js';
import { reportAgain } from '../sent/sent-report.js';
import { CancelHandler } from './cancel-handler.js';
import { claimRepeated } from './claim-repeated.js';
import { SubmissionReport, type RequestedReport } from './submission-report.js';
import { SubmitHandler } from './submit-handler.js';
import {
  isSubmit,
  type CancelCommand,
  type HaltCommand,
  type ReportAgainCommand,
  type ReportCommand,
  type SubmitCommand,
  type VenueCommand,
} from './venue-command.js';

const LONGEST_REASON = 64;

/** Stores the orders of a batch and answers its requests, in one transaction. */
@Injectable()
export class StoreCommands {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly submissions: SubmitHandler,
    private readonly cancels: CancelHandler,
    private readonly report: SubmissionReport,
    private readonly lost: LostIntents,
  ) {}

  /** `lastly` runs in the same transaction, after the commands are stored. Returns the result. */
  async store<T>(batch: readonly VenueCommand[], lastly: (tx: Tx) => Promise<T>): Promise<T> {
    return this.unitOfWork.run(async (tx) => {
      const orders = batch.filter(isSubmit);
      const fresh = await claimed(tx, batch.filter(isNoSubmit));
      await openHalts(tx, fresh.filter(isHalt).map(haltOf), 'intake-api');
      await reportAgain(
        tx,
        fresh.filter(isReportAgain).map(({ data }) => data.since),
      );
      const known = await this.submissions.insert(tx, orders);
      const repeated = await claimRepeated(tx, known);
      await this.lost.putBack(
        tx.query.bind(tx),
        orders
          .filter((order) => !known.includes(order) || repeated.includes(order))
          .map(({ data }) => data.clientReference),
      );
      // after the inserts: a batch may contain a withdrawal and the cancel command for the same
      // withdrawal
      await this.cancels.note(tx, fresh.filter(isCancel));
      await this.report.answer(tx, fresh.filter(isReport).flatMap(askedIn), repeated);
      return lastly(tx);
    });
  }
}

/** Claims messages other than orders; the submission of a stored order is the order's claim. */
function claimed<M extends VenueCommand>(tx: Tx, messages: readonly M[]): Promise<readonly M[]> {
  return messages.length === 0 ? Promise.resolve(messages) : tx.claimInbox(messages);
}

type OtherCommand = Exclude<VenueCommand, { type: 'venue.submit-withdrawal.v1' }>;

function isNoSubmit(command: VenueCommand): command is OtherCommand {
  return !isSubmit(command);
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

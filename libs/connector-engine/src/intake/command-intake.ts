import type { VenueCommands, Message } from '@sluice/messages';
import type { UnitOfWork } from '@sluice/postgres';
import { OrderCheck } from '@sluice/service-shell';
import type { CancelIntake } from './cancel-intake.js';
import { orderFault } from './order-fault.js';
import type { RepeatedOrders } from './repeated-orders.js';
import type { SubmissionIntake } from './submission-intake.js';
import type { Asked, SubmissionReport } from './submission-report.js';

export type VenueCommand = Message<VenueCommands>;

/** Takes a batch of commands in one transaction: intents are stored, wishes to cancel are noted or answered. Nothing is sent from here. */
export class CommandIntake {
  private readonly orders = new OrderCheck<VenueCommand>('connector', orderFault);

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly submissions: SubmissionIntake,
    private readonly cancels: CancelIntake,
    private readonly report: SubmissionReport,
    private readonly repeated: RepeatedOrders,
    private readonly onCommitted: () => void,
  ) {}

  async take(batch: readonly VenueCommand[]): Promise<void> {
    this.orders.require(batch);
    await this.unitOfWork.run(async (tx) => {
      const fresh = await tx.claimInbox(batch);
      const known = await this.submissions.insert(tx, fresh.filter(isSubmit));
      await this.cancels.note(tx, fresh.filter(isCancel)); // after the inserts: a batch may hold a withdrawal and its cancel
      const same = await this.repeated.check(tx, known);
      await this.report.answer(tx, [
        ...same.map(orderedAgain),
        ...fresh.filter(isReport).flatMap(askedIn),
      ]);
    });
    this.onCommitted();
  }
}

export type SubmitCommand = Extract<VenueCommand, { type: 'venue.submit-withdrawal.v1' }>;
export type ReportCommand = Extract<VenueCommand, { type: 'venue.report-submissions.v1' }>;
export type CancelCommand = Extract<VenueCommand, { type: 'venue.cancel-withdrawal.v1' }>;

function isSubmit(command: VenueCommand): command is SubmitCommand {
  return command.type === 'venue.submit-withdrawal.v1';
}

function isCancel(command: VenueCommand): command is CancelCommand {
  return command.type === 'venue.cancel-withdrawal.v1';
}

function isReport(command: VenueCommand): command is ReportCommand {
  return command.type === 'venue.report-submissions.v1';
}

function askedIn({ id, time, data }: ReportCommand): Asked[] {
  return data.items.map((item) => ({ ...item, messageId: id, time }));
}

/** Whoever orders again what is here already has not heard of it. */
function orderedAgain({ id, time, data }: SubmitCommand): Asked {
  return { withdrawalId: data.withdrawalId, state: 'submitting', messageId: id, time };
}

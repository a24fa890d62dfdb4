import type { VenueCommands, Message } from '@sluice/messages';
import type { UnitOfWork } from '@sluice/postgres';
import type { CancelIntake } from './cancel-intake.js';
import type { SubmissionIntake } from './submission-intake.js';

export type VenueCommand = Message<VenueCommands>;

/** Takes a batch of commands in one transaction: intents are stored, wishes to cancel are noted or answered. Nothing is sent from here. */
export class CommandIntake {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly submissions: SubmissionIntake,
    private readonly cancels: CancelIntake,
    private readonly onCommitted: () => void,
  ) {}

  async take(batch: readonly VenueCommand[]): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const fresh = await tx.claimInbox(batch);
      await this.submissions.insert(tx, fresh.filter(isSubmit));
      await this.cancels.note(tx, fresh.filter(isCancel)); // after the inserts: a batch may hold a withdrawal and its cancel
    });
    this.onCommitted();
  }
}

export type SubmitCommand = Extract<VenueCommand, { type: 'venue.submit-withdrawal.v1' }>;
export type CancelCommand = Extract<VenueCommand, { type: 'venue.cancel-withdrawal.v1' }>;

function isSubmit(command: VenueCommand): command is SubmitCommand {
  return command.type === 'venue.submit-withdrawal.v1';
}

function isCancel(command: VenueCommand): command is CancelCommand {
  return command.type === 'venue.cancel-withdrawal.v1';
}

import type { Message, VenueCommands } from '@sluice/messages';

export type VenueCommand = Message<VenueCommands>;
type SubmitMessage = Extract<VenueCommand, { type: 'venue.submit-withdrawal.v1' }>;
/** Fields of every order without an `orderFault`. */
type VouchedField = 'fee' | 'digest' | 'clientReference' | 'order' | 'timedReceipt' | 'keyId';
export type SubmitCommand = Omit<SubmitMessage, 'data'> & {
  readonly data: SubmitMessage['data'] & Required<Pick<SubmitMessage['data'], VouchedField>>;
};
export type ReportCommand = Extract<VenueCommand, { type: 'venue.report-submissions.v1' }>;
export type HaltCommand = Extract<VenueCommand, { type: 'venue.halt.v1' }>;
export type ReportAgainCommand = Extract<VenueCommand, { type: 'venue.report-again.v1' }>;
export type ReportUnclaimedCommand = Extract<VenueCommand, { type: 'venue.report-unclaimed.v1' }>;
export type CancelCommand = Extract<VenueCommand, { type: 'venue.cancel-withdrawal.v1' }>;

/** Only for commands checked by `orderFault`. */
export function isSubmit(command: VenueCommand): command is SubmitCommand {
  return command.type === 'venue.submit-withdrawal.v1';
}

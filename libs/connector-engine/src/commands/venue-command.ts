import type { Message, VenueCommands } from '@sluice/messages';

/** Commands accepted by a connector. */
export type VenueCommand = Message<VenueCommands>;
export type SubmitCommand = Extract<VenueCommand, { type: 'venue.submit-withdrawal.v1' }>;
export type ReportCommand = Extract<VenueCommand, { type: 'venue.report-submissions.v1' }>;
export type HaltCommand = Extract<VenueCommand, { type: 'venue.halt.v1' }>;
export type ReportAgainCommand = Extract<VenueCommand, { type: 'venue.report-again.v1' }>;
export type ReportUnclaimedCommand = Extract<VenueCommand, { type: 'venue.report-unclaimed.v1' }>;
export type CancelCommand = Extract<VenueCommand, { type: 'venue.cancel-withdrawal.v1' }>;

export function isSubmit(command: VenueCommand): command is SubmitCommand {
  return command.type === 'venue.submit-withdrawal.v1';
}

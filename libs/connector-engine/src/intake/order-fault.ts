import { digestFault, recipientDigest } from '@sluice/messages';
import type { VenueCommand } from './command-intake.js';

/** Why a command to pay must not be believed; null for one whose fields are those that intake digested, and for every other command. */
export function orderFault(command: VenueCommand): string | null {
  if (command.type !== 'venue.submit-withdrawal.v1') return null;
  const { digest, fee, destination, ...terms } = command.data;
  if (digest === undefined || fee === undefined) return 'it carries no digest of its order';
  return digestFault({ ...terms, fee, recipientDigest: recipientDigest(destination) }, digest);
}

import { destinationOf } from '@sluice/destination';
import { digestFault, recipientDigest } from '@sluice/messages';
import type { VenueCommand } from './venue-command.js';

/** Why an order must not be trusted; null for one whose fields match the digest that intake-api made, and for every other command. */
export function orderFault(command: VenueCommand): string | null {
  if (command.type !== 'venue.submit-withdrawal.v1') return null;
  const { digest, fee, destination, ...terms } = command.data;
  if (digest === undefined || fee === undefined) return 'it carries no digest of its order';
  const recipient = recipientDigest(destinationOf(destination));
  return digestFault({ ...terms, fee, recipientDigest: recipient }, digest);
}

import { destinationOf } from '@sluice/destination';
import type { SendAuthority } from '../authority/send-authority.js';
import type { VenueCommand } from './venue-command.js';

/** Why an order must not be trusted; null for one that intake-api and the ledger vouch for as it is, and for every other command. */
export function orderFault(
  command: VenueCommand,
  authority: Pick<SendAuthority, 'fault'>,
): string | null {
  if (command.type !== 'venue.submit-withdrawal.v1') return null;
  const { data } = command;
  return authority.fault({
    ...data,
    destination: destinationOf(data.destination),
    fee: data.fee ?? null,
    digest: data.digest ?? null,
    clientReference: data.clientReference ?? null,
    order: data.order ?? null,
    receipt: data.timedReceipt ?? data.receipt ?? null,
  });
}

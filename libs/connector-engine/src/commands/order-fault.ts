import { destinationOf } from '@sluice/kernel';
import type { SendAuthority } from '../authority/send-authority.js';
import type { VenueCommand } from './venue-command.js';

/**
 * Returns the reason why an order must not be trusted. Null for an order verified by the MACs of
 * intake-api and the ledger, and for every other command.
 */
export function orderFault(
  command: VenueCommand,
  authority: Pick<SendAuthority, 'fault'>,
): string | null {
  if (command.type !== 'venue.submit-withdrawal.v1') return null;
  const { data } = command;
  if (data.keyId === undefined) return 'it carries no API key, and no halt of a key would cover it';
  return authority.fault({
    ...data,
    destination: destinationOf(data.destination),
    fee: data.fee ?? null,
    digest: data.digest ?? null,
    clientReference: data.clientReference ?? null,
    order: data.order ?? null,
    receipt: data.timedReceipt ?? null,
  });
}

import type { InboundEvent } from './inbound-event.js';

/**
 * Returns whether this event may cause an order to be sent to a venue, or a hold to be released.
 */
export function mayGiveOrder({ change }: InboundEvent): boolean {
  if (change.kind === 'hold_assigned' || change.kind === 'missing') return true;
  return change.kind === 'fact' && (change.by === null || change.proof !== undefined);
}

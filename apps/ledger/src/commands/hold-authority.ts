import { Injectable } from '@nestjs/common';
import {
  signReceipt,
  verifyNothingMoved,
  type MessageKeys,
  type OrderAtVenue,
} from '@sluice/message-auth';
import { connectorOf } from '@sluice/messages';
import type { Hold, PlacedHold } from '@sluice/ledger-core';
import { InjectMessageKeys } from '@sluice/service-shell';

/** The ledger as the second key: whose connector may pay a hold now, and whose proof ends that. */
@Injectable()
export class HoldAuthority {
  constructor(@InjectMessageKeys() private readonly keys: MessageKeys) {}

  /** The receipt for the connector of the venue that has the hold; null while no venue may pay it. */
  receiptOf(hold: Hold): string | null {
    const order = orderOf(hold, hold.assignedTo);
    if (order === null || !mayBePaid(hold)) return null;
    return signReceipt(this.keys.with(connectorOf(order.venue)), order);
  }

  /** Whether the connector of this venue has proven that nothing of the hold moved there. */
  provesNothingMoved(
    hold: Hold | undefined,
    venue: string | null | undefined,
    proof: string | undefined,
  ): boolean {
    const order = hold === undefined ? null : orderOf(hold, venue ?? null);
    if (order === null || proof === undefined) return false;
    return verifyNothingMoved(this.keys.with(connectorOf(order.venue)), order, proof);
  }
}

/** A hold that may end by time is paid by nobody before its submission has started. */
function mayBePaid(hold: Hold): hold is PlacedHold {
  return hold.state === 'placed' && hold.expiresAt === null;
}

function orderOf({ withdrawalId, digest }: Hold, venue: string | null): OrderAtVenue | null {
  return digest === null || venue === null ? null : { withdrawalId, digest, venue };
}

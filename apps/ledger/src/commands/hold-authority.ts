import { Injectable } from '@nestjs/common';
import {
  signReceipt,
  signSignerReceipt,
  verifyNothingMoved,
  type MessageKeys,
  type OrderAtVenue,
} from '@sluice/message-auth';
import { connectorOf, WALLET } from '@sluice/messages';
import type { Hold, PlacedHold } from '@sluice/ledger-core';
import { InjectMessageKeys } from '@sluice/service-shell';

/** What a venue that may pay a hold is shown of the ledger. */
export interface Receipts {
  readonly venue: string;
  /** For its connector. */
  readonly receipt: string;
  /** Where the venue is our own wallet: for the signer, which the connector passes it on to. */
  readonly signerReceipt?: string;
}

/** Signs what our own wallet pays; its connector does not have the key that it shares with the ledger. */
const SIGNER = 'signer';

/** The ledger as the second key: whose connector may pay a hold now, and whose proof ends that. */
@Injectable()
export class HoldAuthority {
  constructor(@InjectMessageKeys() private readonly keys: MessageKeys) {}

  /** The receipts of a hold for the venue that has it; null while no venue may pay it. */
  receiptsOf(hold: Hold): Receipts | null {
    const order = orderOf(hold, hold.assignedTo);
    if (order === null || !mayBePaid(hold)) return null;
    const { venue } = order;
    return {
      venue,
      receipt: signReceipt(this.keys.with(connectorOf(venue)), order),
      ...(venue === WALLET && {
        signerReceipt: signSignerReceipt(this.keys.with(SIGNER), order),
      }),
    };
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

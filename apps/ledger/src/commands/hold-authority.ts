import { Injectable } from '@nestjs/common';
import {
  partsOfProof,
  readClosed,
  signReceipt,
  signSignerReceipt,
  signTimedReceipt,
  verifyNothingMoved,
  type MessageKeys,
  type OrderAtVenue,
} from '@sluice/message-auth';
import { connectorOf, WALLET } from '@sluice/messages';
import type { Hold, Instant, PlacedHold } from '@sluice/ledger-core';
import { InjectMessageKeys } from '@sluice/service-shell';

/** What a venue that may pay a hold is shown of the ledger. */
export interface Receipts {
  readonly venue: string;
  /** For its connector: without an end for one of release 0.2, and with it. */
  readonly receipt: string;
  readonly timedReceipt: string;
  /** Where the venue is our own wallet: for the signer, which the connector passes it on to. */
  readonly signerReceipt?: string;
}

/** Signs what our own wallet pays; its connector does not have the key that it shares with the ledger. */
const SIGNER = 'signer';

/** From when on a receipt is valid, by the ledger's database time, and how long its venue has to begin; null: as long as it takes. */
export interface ReceiptTime {
  readonly at: Instant;
  readonly withinMs: number | null;
}

/** Also a venue that may take as long as it needs gets a receipt that ends: it is asked for again while the hold stands. */
const LONGEST_MS = 7 * 24 * 3_600_000;

/** The ledger as the second key: whose connector may pay a hold now, and whose proof ends that. */
@Injectable()
export class HoldAuthority {
  constructor(@InjectMessageKeys() private readonly keys: MessageKeys) {}

  /** The receipts of a hold for the venue that has it; null while no venue may pay it. A command that comes again gets new ones. */
  receiptsOf(hold: Hold, time: ReceiptTime): Receipts | null {
    const order = orderOf(hold, hold.assignedTo);
    if (order === null || !mayBePaid(hold)) return null;
    const { venue } = order;
    const ring = this.keys.with(connectorOf(venue));
    const until = endOf(time);
    return {
      venue,
      receipt: signReceipt(ring, order),
      timedReceipt: signTimedReceipt(ring, order, until),
      ...(venue === WALLET && {
        signerReceipt: signSignerReceipt(this.keys.with(SIGNER), order, until),
      }),
    };
  }

  /**
   * Whether the connector of this venue has proven that nothing of the hold moved there. Our own wallet has proven it together with its
   * signer: without the statement that the signer signs no payment of it any more a receipt could be used after the release.
   */
  provesNothingMoved(
    hold: Hold | undefined,
    venue: string | null | undefined,
    proof: string | undefined,
  ): boolean {
    const order = hold === undefined ? null : orderOf(hold, venue ?? null);
    if (order === null || proof === undefined) return false;
    const ring = this.keys.with(connectorOf(order.venue));
    if (order.venue !== WALLET) return verifyNothingMoved(ring, order, proof);
    const [own, closed] = partsOfProof(proof);
    const isClosed = readClosed(this.keys.with(SIGNER), order.withdrawalId, closed) !== null;
    return isClosed && verifyNothingMoved(ring, order, own);
  }
}

/** A hold that may end by time is paid by nobody before its submission has started. */
function mayBePaid(hold: Hold): hold is PlacedHold {
  return hold.state === 'placed' && hold.expiresAt === null;
}

function endOf({ at, withinMs }: ReceiptTime): Date {
  return new Date(Date.parse(at) + Math.min(withinMs ?? LONGEST_MS, LONGEST_MS));
}

function orderOf({ withdrawalId, digest }: Hold, venue: string | null): OrderAtVenue | null {
  return digest === null || venue === null ? null : { withdrawalId, digest, venue };
}

import { Injectable } from '@nestjs/common';
import { signOrder, signRequestProof, type KeyRing, type MessageKeys } from '@sluice/signing';
import { connectorOf } from '@sluice/messages';
import { InjectMessageKeys } from '@sluice/service-shell';
import type { Withdrawal } from '@sluice/withdrawal-core';
import { digestOf } from './order-digest.js';

/** An order as it was recorded, with the digest and the seal of the request. */
interface RecordedOrder {
  readonly withdrawal: Withdrawal;
  readonly digest: string;
  readonly seal: string;
  readonly venueClientReference: string;
}

/**
 * Seals a customer's order at the time of the request, and signs the order for the paying venue.
 * intake-api holds the first key of the chain of trust.
 */
@Injectable()
export class OrderAuthority {
  private readonly own: KeyRing;

  constructor(@InjectMessageKeys() private readonly keys: MessageKeys) {
    this.own = keys.with('intake-api');
  }

  /** Seals the original request; the seal is stored with the withdrawal. */
  seal(digest: string): string {
    return this.own.sign('requested order', [digest]);
  }

  /**
   * Returns the proof of the request for the auditor; null without a key shared with the auditor.
   * The handler of a customer's request is the only caller, and the row stores the proof.
   */
  requestProof(digest: string): string | null {
    return this.keys.names().includes('auditor')
      ? signRequestProof(this.keys.with('auditor'), digest)
      : null;
  }

  /**
   * Returns false if the row differs from the customer's order: the caller must not send a command
   * for the row.
   */
  isAsRequested({ withdrawal, digest, seal }: RecordedOrder): boolean {
    return digestOf(withdrawal.order) === digest && this.isSealed(digest, seal);
  }

  /** Returns whether intake-api sealed the order with this digest. */
  isSealed(digest: string, seal: string): boolean {
    return this.own.verify('requested order', [digest], seal);
  }

  /** Signs the order for the connector of the current venue. */
  orderFor(
    { withdrawal, digest, venueClientReference }: RecordedOrder,
    notAfter: Date | null,
  ): string {
    const { venue, order } = withdrawal;
    return signOrder(this.keys.with(connectorOf(venue)), {
      withdrawalId: order.id,
      digest,
      venue,
      clientReference: venueClientReference,
      notAfter: notAfter?.toISOString() ?? null,
    });
  }
}

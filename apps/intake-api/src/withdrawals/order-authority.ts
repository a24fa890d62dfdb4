import { Injectable } from '@nestjs/common';
import { signOrder, type KeyRing, type MessageKeys } from '@sluice/message-auth';
import { connectorOf } from '@sluice/messages';
import { InjectMessageKeys } from '@sluice/service-shell';
import { digestOf } from './order-digest.js';
import type { StoredWithdrawal } from './withdrawal-store.js';

/** intake-api as the first key: what a customer asked for, sealed as it was asked and vouched for towards the venue that is to pay it. */
@Injectable()
export class OrderAuthority {
  private readonly own: KeyRing;

  constructor(@InjectMessageKeys() private readonly keys: MessageKeys) {
    this.own = keys.with('intake-api');
  }

  /** Made of a request as its customer made it, and stored with it. */
  seal(digest: string): string {
    return this.own.sign('requested order', [digest]);
  }

  /** False for a row that is not the order of a customer any more: nothing may be asked of anybody because of it. */
  isAsRequested({ withdrawal, digest, seal }: StoredWithdrawal): boolean {
    return (
      digestOf(withdrawal.order) === digest && this.own.verify('requested order', [digest], seal)
    );
  }

  /** The order for the connector of the venue that has it now. */
  orderFor(
    { withdrawal, digest, venueClientReference }: StoredWithdrawal,
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

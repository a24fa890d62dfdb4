import { Injectable } from '@nestjs/common';
import { InjectConfig, InjectMessageKeys } from '@sluice/service-shell';
import type { KeyRing, MessageKeys } from '@sluice/signing';
import { acceptUnsigned, type UnsignedWindow } from './unsigned-window.js';

/** Content of a delivery bound by the seal. */
interface SealedContent {
  /** Delivery number. */
  readonly id: string;
  readonly webhookId: string;
  readonly event: string;
  readonly body: string;
}

/** Row of a delivery with the parts that prove its origin. */
interface DeliveryRow extends SealedContent {
  readonly seal: string | null;
  /** True for a row older than the seals; the service's login cannot set the column. */
  readonly predatesSeals: boolean;
}

/**
 * Seals of deliveries, under the private message key of webhooks: a row that another program
 * inserts or changes is not sent. The database never has the key.
 */
@Injectable()
export class DeliverySeals {
  private readonly keys: KeyRing;

  constructor(
    @InjectMessageKeys() keys: MessageKeys,
    @InjectConfig() private readonly window: UnsignedWindow,
  ) {
    this.keys = keys.with('webhooks');
  }

  seal(content: SealedContent, accountId: string): string {
    return this.keys.sign('delivery', fieldsOf(content, accountId));
  }

  /** Returns whether this service has made the delivery for the account of the webhook. */
  isGenuine(row: DeliveryRow, accountId: string, now: Date): boolean {
    if (row.seal !== null) return this.keys.verify('delivery', fieldsOf(row, accountId), row.seal);
    return row.predatesSeals || acceptUnsigned(this.window, now, 'delivery');
  }
}

function fieldsOf({ id, webhookId, event, body }: SealedContent, accountId: string): string[] {
  return [id, webhookId, accountId, event, body];
}

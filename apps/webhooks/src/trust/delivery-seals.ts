import { Injectable } from '@nestjs/common';
import type { EventKeys, KafkaRecord } from '@sluice/consumer-kit';
import { InjectMessageKeys } from '@sluice/service-shell';
import type { KeyRing, MessageKeys } from '@sluice/signing';

interface SealedContent {
  readonly id: string;
  /** Null for an event without a notified webhook. */
  readonly webhookId: string | null;
  readonly event: string;
  readonly body: string;
}

interface DeliveryRow extends SealedContent {
  readonly seal: string;
}

/** Seals of deliveries under a key outside the database: rows of other programs are not sent. */
@Injectable()
export class DeliverySeals {
  private readonly keys: KeyRing;

  constructor(@InjectMessageKeys() keys: MessageKeys) {
    this.keys = keys.with('webhooks');
  }

  seal(content: SealedContent, accountId: string): string {
    return this.keys.sign('delivery', fieldsOf(content, accountId));
  }

  /** Returns whether this service has made the delivery for the account of the webhook. */
  isGenuine(row: DeliveryRow, accountId: string): boolean {
    return this.keys.verify('delivery', fieldsOf(row, accountId), row.seal);
  }
}

function fieldsOf({ id, webhookId, event, body }: SealedContent, accountId: string): string[] {
  return [id, webhookId ?? '', accountId, event, body];
}

/** Returns the reason why an event becomes no delivery; null for an event signed by intake-api. */
export function eventFault(keys: EventKeys, event: KafkaRecord): string | null {
  const fault = keys.fault(event);
  return fault && `forged_event: ${fault}`;
}

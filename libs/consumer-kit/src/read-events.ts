import { bytesAsText, type EventKeys, type KafkaRecord, textHeader } from './event-keys.js';
import type { SequencedEvent } from './once-in-order.js';

const ACCEPTED_RISK = 'writers to Kafka can forge payments';

/**
 * Public keys for the verification, or the accepted risk of reading without verification: each
 * writer to the topic, also the administrator of Kafka, can then report a payment of any amount
 * that never happened.
 */
export type EventTrust =
  { readonly keys: EventKeys } | { readonly unverified: typeof ACCEPTED_RISK };

/**
 * Reads a record of the topic `withdrawal.events` (CloudEvents: attributes in headers, the data as
 * the value). Throws `ForgedEvent` for a record without a valid signature of intake-api, and
 * `UnreadableEvent` for a record in another format.
 */
export function readKafkaEvent(record: KafkaRecord, trust: EventTrust): WithdrawalEvent {
  verifyEvent(record, trust);
  const id = header(record, 'ce_id');
  const type = header(record, 'ce_type');
  if (record.value === null) throw new UnreadableEvent('the record has no value');
  const data = EventFields.parse(bytesAsText(record.value), 'the value');
  const withdrawalId = data.text('number');
  return {
    via: 'kafka',
    id,
    type,
    withdrawalId,
    subject: withdrawalId,
    sequence: data.count('sequence'),
    isGapless: true,
    status: data.text('status'),
    clientReference: data.textOrNull('clientReference'),
    currency: data.text('currency'),
    network: data.text('network'),
    amount: data.text('amount'),
    fee: data.text('fee'),
    txHash: data.textOrNull('txHash'),
    reason: data.textOrNull('reason'),
    at: data.text('at'),
    data: data.all,
  };
}

/** The default serves callers without types: without a choice, no event is read. */
function verifyEvent(
  record: KafkaRecord,
  { keys, unverified }: { readonly keys?: EventKeys; readonly unverified?: string } = {},
): void {
  if (unverified === ACCEPTED_RISK) return;
  if (keys === undefined) throw new Error('readKafkaEvent needs { keys }: events can be forged');
  const fault = keys.fault(record);
  if (fault !== null) throw new ForgedEvent(fault);
}

/** Throws `UnreadableEvent` if the header is missing. */
function header(record: KafkaRecord, name: string): string {
  const text = textHeader(record, name);
  if (text === null) throw new UnreadableEvent(`the header ${name} is missing`);
  return text;
}

const STATUS_BY_EVENT: Readonly<Record<string, string>> = {
  'withdrawal.broadcasted': 'broadcasted',
  'withdrawal.confirmed': 'confirmed',
  'withdrawal.failed': 'failed',
  'withdrawal.cancelled': 'cancelled',
  'withdrawal.returned': 'confirmed',
  'withdrawal.awaiting_approval': 'pending',
  'withdrawal.approved': 'pending',
};

/**
 * Reads the body of a webhook; the signature must be verified before. Returns null for an event not
 * about a withdrawal (a test, a paused webhook, an event of a later version). Throws
 * `UnreadableEvent`.
 *
 * The event id is the delivery id. A receiver behind two webhooks of an account may get two
 * deliveries of an event. The second delivery counts as late, because the sequence is not new.
 */
export function readWebhookEvent(body: Uint8Array | string): WithdrawalEvent | null {
  const envelope = EventFields.parse(bytesAsText(body), 'the body');
  const type = envelope.text('event');
  const status = STATUS_BY_EVENT[type];
  if (status === undefined) return null;
  const data = EventFields.of(envelope.all['data'], 'data');
  const withdrawalId = String(data.count('withdrawal_id'));
  return {
    via: 'webhook',
    type,
    status,
    withdrawalId,
    subject: withdrawalId,
    id: `webhook ${envelope.count('id')}`,
    sequence: data.has('sequence') ? data.count('sequence') : null,
    isGapless: false,
    clientReference: data.textOrNull('client_reference'),
    currency: data.text('currency'),
    network: data.text('network'),
    amount: data.text('amount'),
    fee: data.text('fee'),
    txHash: data.textOrNull('tx_hash'),
    reason: data.textOrNull('reason'),
    at: envelope.text('created_at'),
    data: data.all,
  };
}

/** State of a withdrawal, reported by Kafka or by a webhook. */
export interface WithdrawalEvent extends SequencedEvent {
  readonly via: 'kafka' | 'webhook';
  /** Type as sent: `withdrawal.completed.v1` by Kafka, `withdrawal.confirmed` by a webhook. */
  readonly type: string;
  /**
   * The API's `withdrawal_id` as text, used as the subject: Kafka and webhook events of a
   * withdrawal share the subject.
   */
  readonly withdrawalId: string;
  /** pending, broadcasted, confirmed, failed, cancelled. */
  readonly status: string;
  readonly clientReference: string | null;
  readonly currency: string;
  readonly network: string;
  /** Decimal text: never convert the amount to a number. */
  readonly amount: string;
  /** Decimal text, on top of the amount. */
  readonly fee: string;
  readonly txHash: string | null;
  /** Failure reason as a stable code. */
  readonly reason: string | null;
  /** Time of the change (Kafka) or of the scheduling of the delivery (webhook): RFC 3339, UTC. */
  readonly at: string;
  /** The complete data as sent. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The received data is not an event of this system. A redelivery gives the same error: put the data
 * aside and investigate.
 */
export class UnreadableEvent extends Error {
  override readonly name: string = 'UnreadableEvent';
}

/**
 * The record has no valid signature of intake-api: another party wrote or changed the record. Never
 * act on such a record; raise an alert.
 */
export class ForgedEvent extends UnreadableEvent {
  override readonly name = 'ForgedEvent';
}

/**
 * A JSON object with typed access to fields. Each access throws `UnreadableEvent` with the name of
 * an invalid field.
 */
class EventFields {
  private constructor(readonly all: Readonly<Record<string, unknown>>) {}

  static of(value: unknown, what: string): EventFields {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new UnreadableEvent(`${what} is not a JSON object`);
    return new EventFields(value as Record<string, unknown>);
  }

  static parse(text: string, what: string): EventFields {
    try {
      return EventFields.of(JSON.parse(text), what);
    } catch (error) {
      if (error instanceof UnreadableEvent) throw error;
      throw new UnreadableEvent(`${what} is not JSON: ${(error as Error).message}`);
    }
  }

  has(name: string): boolean {
    return this.all[name] !== undefined;
  }

  text(name: string): string {
    const value = this.all[name];
    if (typeof value !== 'string' || value === '')
      throw new UnreadableEvent(`${name} is not a text`);
    return value;
  }

  textOrNull(name: string): string | null {
    const value = this.all[name] ?? null;
    return value === null ? null : this.text(name);
  }

  /** A whole number above zero. */
  count(name: string): number {
    const value = this.all[name];
    if (!Number.isSafeInteger(value) || (value as number) < 1)
      throw new UnreadableEvent(`${name} is not a whole number`);
    return value as number;
  }
}

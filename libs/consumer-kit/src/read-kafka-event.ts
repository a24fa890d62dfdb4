import { bytesAsText } from './bytes-as-text.js';
import type { EventKeys } from './event-keys.js';
import { textHeader, type KafkaRecord } from './kafka-record.js';
import {
  EventFields,
  ForgedEvent,
  UnreadableEvent,
  type WithdrawalEvent,
} from './withdrawal-event.js';

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
    isEveryStep: true,
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

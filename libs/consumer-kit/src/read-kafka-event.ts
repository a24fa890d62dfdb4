import { bytesAsText } from './bytes-as-text.js';
import { EventFields, UnreadableEvent, type WithdrawalEvent } from './withdrawal-event.js';

type Header = Uint8Array | string | readonly (Uint8Array | string)[] | undefined;

/** The required parts of a record of `withdrawal.events`; a `KafkaMessage` of kafkajs fits. */
export interface KafkaRecord {
  readonly headers?: Readonly<Record<string, Header>>;
  readonly value: Uint8Array | string | null;
}

/** Reads a record of the topic `withdrawal.events` (CloudEvents: attributes in headers, the data as the value). Throws `UnreadableEvent`. */
export function readKafkaEvent(record: KafkaRecord): WithdrawalEvent {
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

/**
 * Returns a header; a repeated header has the first value. Throws `UnreadableEvent` if the header
 * is missing.
 */
function header({ headers }: KafkaRecord, name: string): string {
  const given = headers?.[name];
  const first = typeof given === 'object' && !(given instanceof Uint8Array) ? given[0] : given;
  if (first === undefined || first.length === 0)
    throw new UnreadableEvent(`the header ${name} is missing`);
  return bytesAsText(first);
}

import type { MessageKeys } from './message-keys.js';

/** Message header with the MAC. */
export const MAC_HEADER = 'sluice-mac';

/** A message as sent over Kafka. */
interface CarriedMessage {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** Signs a message for the single service consuming the topic. */
export function signMessage<M extends CarriedMessage>(
  keys: MessageKeys,
  consumer: string,
  message: M,
): M {
  const mac = keys.with(consumer).sign('message', fieldsOf(message));
  return { ...message, headers: { ...message.headers, [MAC_HEADER]: mac } };
}

/**
 * Returns the reason why a message is not authentic; null for an authentic message of the producer.
 */
export function messageFault(
  keys: MessageKeys,
  producer: string,
  message: CarriedMessage,
): string | null {
  const mac = message.headers[MAC_HEADER];
  if (mac === undefined) return `the message has no ${MAC_HEADER}: ${producer} did not send it`;
  return keys.with(producer).verify('message', fieldsOf(message), mac)
    ? null
    : `the ${MAC_HEADER} is wrong: ${producer} did not send this message, or it was changed`;
}

/** All fields relevant for the consumer's actions; pure trace fields are left out. */
function fieldsOf({ topic, key, headers, value }: CarriedMessage): (string | null)[] {
  const { ce_id: id, ce_type: type, ce_source: source, ce_time: time } = headers;
  return [topic, key, id ?? null, type ?? null, source ?? null, time ?? null, value];
}

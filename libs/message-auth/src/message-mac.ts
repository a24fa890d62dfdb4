import type { MessageKeys } from './message-keys.js';

/** The header of a message that carries its MAC. */
export const MAC_HEADER = 'sluice-mac';

/** A message as Kafka carries it. */
export interface CarriedMessage {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** Vouches for a message towards the one service that consumes its topic. */
export function signMessage<M extends CarriedMessage>(
  keys: MessageKeys,
  consumer: string,
  message: M,
): M {
  const mac = keys.with(consumer).sign('message', fieldsOf(message));
  return { ...message, headers: { ...message.headers, [MAC_HEADER]: mac } };
}

/** Why a message is not the producer's; null for one that is. */
export function messageFault(
  keys: MessageKeys,
  producer: string,
  message: CarriedMessage,
): string | null {
  const mac = message.headers[MAC_HEADER];
  if (mac === undefined) return `it has no ${MAC_HEADER}: it is not a message of ${producer}`;
  return keys.with(producer).verify('message', fieldsOf(message), mac)
    ? null
    : `its ${MAC_HEADER} does not fit: it is not a message of ${producer}, or it was changed`;
}

/** Everything that its consumer acts on; what only traces it is left out. */
function fieldsOf({ topic, key, headers, value }: CarriedMessage): (string | null)[] {
  const { ce_id: id, ce_type: type, ce_source: source, ce_time: time } = headers;
  return [topic, key, id ?? null, type ?? null, source ?? null, time ?? null, value];
}

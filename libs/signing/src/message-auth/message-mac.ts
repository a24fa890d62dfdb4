import type { MessageKeys } from './message-keys.js';

/** Message header with the MAC. */
export const MAC_HEADER = 'sluice-mac';

/** Message header with the MAC for a follower of the topic. */
const followerHeader = (follower: string): string => `${MAC_HEADER}-${follower}`;

/** A message as sent over Kafka. */
interface CarriedMessage {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** Signs a message for the service consuming the topic, and for each follower. */
export function signMessage<M extends CarriedMessage>(
  keys: MessageKeys,
  consumer: string,
  message: M,
  followers: readonly string[] = [],
): M {
  const fields = fieldsOf(message);
  const headers: Record<string, string> = {
    ...message.headers,
    [MAC_HEADER]: keys.with(consumer).sign('message', fields),
  };
  for (const follower of followers)
    headers[followerHeader(follower)] = keys.with(follower).sign('message', fields);
  return { ...message, headers };
}

/**
 * Returns the reason why a message is not authentic; null for an authentic message of the producer.
 */
export function messageFault(
  keys: MessageKeys,
  producer: string,
  message: CarriedMessage,
): string | null {
  return faultOf(keys, producer, message, MAC_HEADER);
}

/** The same for the follower `service` of a topic with another consumer. */
export function followedFault(
  keys: MessageKeys,
  { producer, service }: { readonly producer: string; readonly service: string },
  message: CarriedMessage,
): string | null {
  return faultOf(keys, producer, message, followerHeader(service));
}

/** Returns whether the message carries a MAC for the follower, correct or not. */
export function isSignedFor(
  service: string,
  { headers }: Pick<CarriedMessage, 'headers'>,
): boolean {
  return headers[followerHeader(service)] !== undefined;
}

function faultOf(
  keys: MessageKeys,
  producer: string,
  message: CarriedMessage,
  header: string,
): string | null {
  const mac = message.headers[header];
  if (mac === undefined) return `the message has no ${header}: ${producer} did not send it`;
  return keys.with(producer).verify('message', fieldsOf(message), mac)
    ? null
    : `the ${header} is wrong: ${producer} did not send this message, or it was changed`;
}

/** All fields relevant for the consumer's actions; pure trace fields are left out. */
function fieldsOf({ topic, key, headers, value }: CarriedMessage): (string | null)[] {
  const { ce_id: id, ce_type: type, ce_source: source, ce_time: time } = headers;
  return [topic, key, id ?? null, type ?? null, source ?? null, time ?? null, value];
}

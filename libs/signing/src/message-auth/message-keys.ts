import { KeyRing, type NamedKey } from './key-ring.js';

type KeyTable = Readonly<Record<string, readonly NamedKey[]>>;

/** Keys of a service by peer; its own name's are private. Printing reveals none. */
export class MessageKeys {
  readonly #rings: ReadonlyMap<string, KeyRing>;

  constructor(table: KeyTable) {
    this.#rings = new Map(
      Object.entries(table).map(([name, keys]) => {
        try {
          return [name, new KeyRing(keys)];
        } catch (error) {
          throw new Error(`${name}: ${(error as Error).message}`);
        }
      }),
    );
  }

  /**
   * Parses `{ "<service>": [{ "id": "2026-11", "key": "<base64>" }] }`. Errors show no part of a
   * key.
   */
  static parse(text: string): MessageKeys {
    return new MessageKeys(readTable(text));
  }

  /** Names of the peer services, and the service's own name if private keys exist. */
  names(): readonly string[] {
    return [...this.#rings.keys()];
  }

  /** Returns the key ring shared with a service. Throws if no key is shared. */
  with(service: string): KeyRing {
    const ring = this.#rings.get(service);
    if (ring === undefined) throw new Error(`there is no key for ${service} in MESSAGE_KEYS_FILE`);
    return ring;
  }
}

function readTable(text: string): KeyTable {
  const table = parseJson(text);
  if (!isRecord(table)) throw new Error('must be a JSON object');
  for (const [name, keys] of Object.entries(table)) {
    const isList = Array.isArray(keys) && keys.every(isNamedKey);
    if (!isList) throw new Error(`${name} must be a list of { "id": …, "key": … }`);
  }
  return table as KeyTable;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('must be JSON');
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamedKey(value: unknown): value is NamedKey {
  return isRecord(value) && typeof value['id'] === 'string' && typeof value['key'] === 'string';
}

/** Message header with the MAC. */
export const MAC_HEADER = 'sluice-mac';

/** Message header with the MAC for a follower of the topic. */
const followerHeader = (follower: string): string => `${MAC_HEADER}-${follower}`;

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

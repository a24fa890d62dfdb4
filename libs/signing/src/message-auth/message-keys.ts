import { KeyRing, type NamedKey } from './key-ring.js';

type KeyTable = Readonly<Record<string, readonly NamedKey[]>>;

/**
 * The keys of a service, by the name of the peer service. The entry under the service's own name is
 * private. Printing an instance does not reveal a key.
 */
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
   * Parses `{ "<service>": [{ "id": "2026-11", "key": "<base64>" }] }`. Throws an error message
   * without any part of a key.
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

import { sign, type KeyObject } from 'node:crypto';
import { namedPublicKey, privateKeyOfSeed, publicHalfOf } from '../keys/ed25519.js';
import { merkleTree } from './merkle-tree.js';

/** Header of a public event with the signature of its batch and the path from the event to it. */
export const EVENT_SIGNATURE_HEADER = 'sluice-signature';

/** An event as sent over Kafka, before the signature. */
interface UnsignedEvent {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

/** Public half of a key, as published. */
export interface EventPublicKey {
  /** First 16 hex digits of the SHA-256 of the public key. */
  readonly id: string;
  readonly algorithm: 'Ed25519';
  /** 32 bytes in base64. */
  readonly publicKey: string;
}

/**
 * Events under one signature. A larger batch makes the path in each header longer; at 16 a
 * signature costs each event less than 3 µs.
 */
const BATCH = 16;
const SIGNED_HEADERS = ['ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_subject'] as const;

/**
 * Ed25519 key that signs public events. A single signature covers up to 16 events: the events are
 * leaves of a Merkle tree, and each header has the signature of the root and the path to the root.
 * Printing an instance does not reveal the key.
 */
export class EventSigningKey {
  readonly #privateKey: KeyObject;
  readonly publicKey: EventPublicKey;

  private constructor(seed: string) {
    this.#privateKey = privateKeyOfSeed(seed);
    this.publicKey = eventPublicKey(publicHalfOf(this.#privateKey).text);
  }

  /** Reads a seed of 32 bytes in base64. Throws an error message without any part of the key. */
  static parse(text: string): EventSigningKey {
    return new EventSigningKey(text);
  }

  /** Signs the messages in batches; the order of the messages stays. */
  sign<M extends UnsignedEvent>(messages: readonly M[]): M[] {
    const starts = Array.from(
      { length: Math.ceil(messages.length / BATCH) },
      (_, at) => at * BATCH,
    );
    return starts.flatMap((start) => this.signBatch(messages.slice(start, start + BATCH)));
  }

  private signBatch<M extends UnsignedEvent>(messages: readonly M[]): M[] {
    const { root, paths } = merkleTree(messages.map(leafOf));
    const statement = Buffer.from(`sluice events\n${messages.length}\n${root.toString('hex')}`);
    const signature = sign(null, statement, this.#privateKey).toString('base64url');
    const prefix = `${this.publicKey.id}.${signature}.${messages.length}`;
    return messages.map((message, index) => {
      const path = paths[index]?.map((node) => node.toString('base64url')).join('') ?? '';
      const headers = {
        ...message.headers,
        [EVENT_SIGNATURE_HEADER]: `${prefix}.${index}.${path}`,
      };
      return { ...message, headers };
    });
  }
}

/** Names a public key of 32 bytes in base64. Throws if the text is no such key. */
export function eventPublicKey(text: string): EventPublicKey {
  return { id: namedPublicKey(text).id, algorithm: 'Ed25519', publicKey: text };
}

/**
 * Bytes of a message under the signature: topic, key, id, type, source, time, subject and value.
 * Each field follows its length in four bytes, so no two messages have the same bytes.
 */
function leafOf({ topic, key, headers, value }: UnsignedEvent): Buffer {
  const fields = [topic, key, ...SIGNED_HEADERS.map((name) => headers[name] ?? ''), value];
  const lengths = fields.map((field) => Buffer.byteLength(field));
  const leaf = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + 4 + length, 0));
  let at = 0;
  fields.forEach((field, index) => {
    at = leaf.writeUInt32BE(lengths[index] ?? 0, at);
    at += leaf.write(field, at);
  });
  return leaf;
}

import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { namedPublicKey, privateKeyOfSeed, publicHalfOf } from './ed25519.js';

/** Header of a public event with the signature of its batch and the path from the event to it. */
export const EVENT_SIGNATURE_HEADER = 'sluice-signature';

interface UnsignedEvent {
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: string;
}

export interface EventPublicKey {
  /** First 16 hex digits of the SHA-256 of the public key. */
  readonly id: string;
  readonly algorithm: 'Ed25519';
  /** 32 bytes in base64. */
  readonly publicKey: string;
}

/** Events under one signature: at 16, less than 3 µs each; more make longer paths in headers. */
const BATCH = 16;
const SIGNED_HEADERS = ['ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_subject'] as const;

/**
 * Ed25519 key of public events. One signature covers up to 16 leaves of a Merkle tree; headers have
 * the root's signature and the path. Printing reveals no key.
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
 * Signed bytes: topic, key, id, type, source, time, subject and value, each after its length in
 * four bytes.
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

/** Prefixes of RFC 6962: a leaf can never be read as an inner node, nor an inner node as a leaf. */
const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

interface MerkleTree {
  readonly root: Buffer;
  /** Siblings from the leaf to the root, for each leaf in order. */
  readonly paths: readonly (readonly Buffer[])[];
}

/** Merkle tree of RFC 6962 over SHA-256. Throws without a leaf. */
export function merkleTree(leaves: readonly Uint8Array[]): MerkleTree {
  const paths = leaves.map((): Buffer[] => []);
  let level = leaves.map((leaf) => sha256(LEAF, leaf));
  for (let height = 0; level.length > 1; height++) {
    paths.forEach((path, index) => {
      // the last node of an odd level has no sibling and moves up unchanged
      const sibling = level[(index >> height) ^ 1];
      if (sibling !== undefined) path.push(sibling);
    });
    level = pairsOf(level);
  }
  const [root] = level;
  if (root === undefined) throw new Error('a Merkle tree needs a leaf');
  return { root, paths };
}

function pairsOf(level: readonly Buffer[]): Buffer[] {
  return Array.from({ length: Math.ceil(level.length / 2) }, (_, at) => {
    const [left, right] = level.slice(2 * at, 2 * at + 2) as [Buffer, Buffer | undefined];
    return right === undefined ? left : sha256(NODE, left, right);
  });
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat(parts), 'buffer');
}

interface PublishedHead {
  readonly shard: number | string;
  readonly sequence: string;
  readonly hash: string;
  /** Key named by the head, 32 bytes in base64; readers must get theirs elsewhere. */
  readonly key?: string;
  readonly signature?: string;
}

/** SPKI prefix of a 32-byte Ed25519 key. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export function chainHeadBytes({ shard, sequence, hash }: PublishedHead): Buffer {
  return Buffer.from(`sluice ledger chain head\n${shard}\n${sequence}\n${hash}`);
}

/** True if the key's owner signed the head; false for malformed input. */
export function isChainHeadSignedBy(publicKey: string, head: PublishedHead): boolean {
  const bytes = Buffer.from(publicKey, 'base64');
  if (bytes.length !== 32 || head.signature === undefined) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' });
  return verify(null, chainHeadBytes(head), key, Buffer.from(head.signature, 'base64'));
}

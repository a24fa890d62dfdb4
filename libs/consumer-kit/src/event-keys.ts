import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';

/** SPKI prefix of a 32-byte Ed25519 key. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;
const ID_DIGITS = 16;
const TOPIC = 'withdrawal.events';
const SIGNED_HEADERS = ['ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_subject'];
/** Verified signatures to remember: a batch of events needs a single verification. */
const MOST_KNOWN = 1_000;

/**
 * Public keys of intake-api, which verify events of Kafka. Get the keys over a channel that is
 * independent of Kafka and of the gateway: a forger of events could also publish other keys.
 */
export class EventKeys {
  private readonly keys: ReadonlyMap<string, KeyObject>;
  /** Verified statements with their signatures, oldest first. */
  private readonly known = new Set<string>();

  /** Takes keys of 32 bytes in base64; several during a rotation. Throws for anything else. */
  constructor(publicKeys: readonly string[]) {
    if (publicKeys.length === 0) throw new Error('a public key of events is missing');
    this.keys = new Map(publicKeys.map(readKey));
  }

  /** Ids of the keys. */
  ids(): readonly string[] {
    return [...this.keys.keys()];
  }

  /** Returns the reason why a record is not authentic; null for a record signed by intake-api. */
  fault(record: KafkaRecord): string | null {
    const text = textHeader(record, SIGNATURE_HEADER);
    if (text === null) return `the event has no ${SIGNATURE_HEADER}: intake-api did not send it`;
    const signature = readSignature(text);
    if (signature === null) return `the ${SIGNATURE_HEADER} cannot be read`;
    const key = this.keys.get(signature.keyId);
    if (key === undefined)
      return `the key ${signature.keyId} of the ${SIGNATURE_HEADER} is not among the public keys`;
    const leaf = leafOf(record);
    const root = leaf && rootOf(leaf, signature);
    return root !== null && this.isSigned(key, root, signature)
      ? null
      : `the ${SIGNATURE_HEADER} is wrong: intake-api did not send this event, or it was changed`;
  }

  private isSigned(key: KeyObject, root: Buffer, signature: EventSignature): boolean {
    const { keyId, text, size } = signature;
    const statement = `sluice events\n${size}\n${root.toString('hex')}`;
    const name = `${keyId}\n${text}\n${statement}`;
    const isKnown = this.known.delete(name);
    if (!isKnown && !verify(null, Buffer.from(statement), key, Buffer.from(text, 'base64url')))
      return false;
    this.known.add(name); // again at the end: the oldest is forgotten first
    for (const oldest of this.known) {
      if (this.known.size <= MOST_KNOWN) break;
      this.known.delete(oldest);
    }
    return true;
  }
}

function readKey(text: string): [string, KeyObject] {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== text)
    throw new Error('a public key of events must be 32 bytes in base64');
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, ID_DIGITS);
  return [id, createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' })];
}

/** The signed bytes: each field follows its length in four bytes. Null if a field is missing. */
function leafOf(record: KafkaRecord): Buffer | null {
  const headers = SIGNED_HEADERS.map((name) => textHeader(record, name));
  const parts: Uint8Array[] = [];
  for (const field of [TOPIC, record.key, ...headers, record.value]) {
    if (field === null || field === undefined) return null;
    const bytes = typeof field === 'string' ? Buffer.from(field) : field;
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}

/** Header with the signature: `<key id>.<signature>.<size>.<index>.<path>`, bytes in base64url. */
const SIGNATURE_HEADER = 'sluice-signature';

/** Signature of a batch of events, and the place of an event in the batch. */
interface EventSignature extends MerklePlace {
  readonly keyId: string;
  /** The signature in base64url. */
  readonly text: string;
}

const FORMAT = /^([0-9a-f]{16})\.([\w-]{86})\.(\d{1,6})\.(\d{1,6})\.((?:[\w-]{43}){0,20})$/;
const HASH_DIGITS = 43;

/** Returns null for a text in another format. */
function readSignature(header: string): EventSignature | null {
  const [, keyId, signature, size, index, path] = FORMAT.exec(header) ?? [];
  if (keyId === undefined || signature === undefined || path === undefined) return null;
  const hashes = Array.from({ length: path.length / HASH_DIGITS }, (_, at) =>
    Buffer.from(path.slice(at * HASH_DIGITS, (at + 1) * HASH_DIGITS), 'base64url'),
  );
  return {
    keyId,
    text: signature,
    size: Number(size),
    index: Number(index),
    path: hashes,
  };
}

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);

/** Place of a leaf in a Merkle tree of RFC 6962. */
interface MerklePlace {
  readonly index: number;
  /** Number of leaves. */
  readonly size: number;
  /** Siblings from the leaf to the root. */
  readonly path: readonly Buffer[];
}

/** Returns the root of the tree; null if the path does not have the length of this place. */
export function rootOf(leaf: Buffer, { index, size, path }: MerklePlace): Buffer | null {
  if (index >= size) return null;
  const siblings = [...path];
  let node = sha256(LEAF, leaf);
  for (let [at, width] = [index, size]; width > 1; at >>= 1, width = (width + 1) >> 1) {
    if (at % 2 === 0 && at === width - 1) continue; // no sibling: the node moves up unchanged
    const sibling = siblings.shift();
    if (sibling === undefined) return null;
    node = at % 2 === 0 ? sha256(NODE, node, sibling) : sha256(NODE, sibling, node);
  }
  return siblings.length === 0 ? node : null;
}

function sha256(...parts: readonly Buffer[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}

type Header = Uint8Array | string | readonly (Uint8Array | string)[] | undefined;

/** The required parts of a record of `withdrawal.events`; a `KafkaMessage` of kafkajs fits. */
export interface KafkaRecord {
  readonly key?: Uint8Array | string | null;
  readonly headers?: Readonly<Record<string, Header>>;
  readonly value: Uint8Array | string | null;
}

/** Returns a header, null if missing or empty. A repeated header has the first value. */
export function textHeader({ headers }: KafkaRecord, name: string): string | null {
  const given = headers?.[name];
  const first = typeof given === 'object' && !(given instanceof Uint8Array) ? given[0] : given;
  return first === undefined || first.length === 0 ? null : bytesAsText(first);
}

/** Decodes UTF-8 bytes from Kafka clients and HTTP servers; text is returned unchanged. */
export function bytesAsText(value: Uint8Array | string): string {
  return typeof value === 'string' ? value : new TextDecoder().decode(value);
}

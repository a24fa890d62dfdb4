import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { chainHeadBytes, isChainHeadSignedBy } from '@sluice/signing';
import { bytesOf, linesOf } from './chain-keys.js';
import type { ChainHead, GivenHead, SignedHead } from './chain-report.js';

const SEED_BYTES = 32;
/** What stands before the seed of an Ed25519 key in PKCS #8, and how much before the public key in SPKI. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_BYTES = 12;

interface SigningKey {
  readonly privateKey: KeyObject;
  /** The 32 bytes of the public key in base64. */
  readonly name: string;
}

/** Signs the heads of chains by Ed25519, so that whoever has the public key can tell those of this ledger from others. The first key signs, all of them check. */
export class HeadSigner {
  readonly #keys: readonly SigningKey[];
  readonly #first: SigningKey;

  private constructor(keys: readonly SigningKey[]) {
    const [first] = keys;
    if (!first) throw new Error('must be 32 bytes in base64, the seed of a key on each line');
    this.#first = first;
    this.#keys = keys;
  }

  /** Reads the seed of one key on each line. Throws with what was expected, and no part of a key. */
  static parse(text: string): HeadSigner {
    return new HeadSigner(linesOf(text).map(readKey));
  }

  sign({ shard, sequence, hash }: ChainHead): SignedHead {
    const { privateKey, name: key } = this.#first;
    const signature = sign(null, chainHeadBytes({ shard, sequence, hash }), privateKey);
    return { shard, sequence, hash, key, signature: signature.toString('base64') };
  }

  /** Whether this ledger signed the head, with a key that it still has. */
  signed(head: GivenHead): boolean {
    return this.#keys.some(({ name }) => name === head.key && isChainHeadSignedBy(name, head));
  }
}

function readKey(line: string): SigningKey {
  const seed = bytesOf(line);
  if (seed.length !== SEED_BYTES)
    throw new Error('must be 32 bytes in base64, the seed of a key on each line');
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { privateKey, name: spki.subarray(SPKI_BYTES).toString('base64') };
}

import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { chainHeadBytes, isChainHeadSignedBy } from '@sluice/signing';
import { bytesOf, linesOf } from './chain-keys.js';
import type { ChainHead, GivenHead, SignedHead } from './chain-report.js';

const SEED_BYTES = 32;
/** DER prefix of an Ed25519 seed in PKCS #8, and length of the prefix of a public key in SPKI. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI_BYTES = 12;

interface SigningKey {
  readonly privateKey: KeyObject;
  /** The 32 bytes of the public key in base64. */
  readonly name: string;
}

/**
 * Signs chain heads with Ed25519, to let any holder of the public key recognize the heads of this
 * ledger. The first key signs, all keys verify.
 */
export class HeadSigner {
  readonly #keys: readonly SigningKey[];
  readonly #first: SigningKey;

  private constructor(keys: readonly SigningKey[]) {
    const [first] = keys;
    if (!first) throw new Error('must be 32 bytes in base64, the seed of a key on each line');
    this.#first = first;
    this.#keys = keys;
  }

  /**
   * Reads a key seed per line. Throws an error with the expected format, without any part of a key.
   */
  static parse(text: string): HeadSigner {
    return new HeadSigner(linesOf(text).map(readKey));
  }

  sign({ shard, sequence, hash }: ChainHead): SignedHead {
    const { privateKey, name: key } = this.#first;
    const signature = sign(null, chainHeadBytes({ shard, sequence, hash }), privateKey);
    return { shard, sequence, hash, key, signature: signature.toString('base64') };
  }

  /** Returns true if this ledger signed the head with a key still configured. */
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

import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { encode, ledgerChainHeads } from '@sluice/messages';
import type { Database, UnitOfWork } from '@sluice/postgres';
import { chainHeadBytes, isChainHeadSignedBy } from '@sluice/signing';
import { bytesOf, type ChainKeys, linesOf } from './chain-keys.js';
import type { ChainHead, GivenHead, SignedHead } from './chain-digest.js';

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
 * Signs chain heads with Ed25519, for any holder of the public key. The first key signs, all
 * verify.
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

  /** Reads a key seed per line. Errors show the format, and no part of a key. */
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

interface ChainHeadPorts {
  readonly unitOfWork: UnitOfWork;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly signer: HeadSigner;
}

/**
 * Publishes the head of every grown chain, and returns their number: proof for consumers that
 * earlier entries were not rewritten.
 */
export async function publishChainHeads({
  unitOfWork,
  now,
  newId,
  signer,
}: ChainHeadPorts): Promise<number> {
  return unitOfWork.run(async (tx) => {
    const heads = await tx.query<ChainHead>(TAKE_UNPUBLISHED);
    const time = now().toISOString();
    for (const head of heads) {
      const { shard, ...signed } = signer.sign(head);
      const data = { shard: String(shard), ...signed };
      tx.publish(
        encode(ledgerChainHeads, {
          id: newId(),
          source: 'ledger',
          subject: data.shard,
          time,
          type: 'ledger.chain-extended.v1',
          data,
        }),
      );
    }
    return heads.length;
  });
}

/** Marks every chain head for publication after Kafka lost the topic, unchanged heads included. */
export async function publishAllHeadsNext(database: Pick<Database, 'query'>): Promise<void> {
  await database.query('UPDATE chain_head SET published = 0 WHERE published > 0');
}

/**
 * Skips heads locked by a batch. Publishes none while an earlier published head is missing: a
 * shorter chain would look like the newest.
 */
const TAKE_UNPUBLISHED = `
  UPDATE chain_head h SET published = h.sequence
    FROM (SELECT shard FROM chain_head WHERE published < sequence ORDER BY shard FOR UPDATE SKIP LOCKED) AS k
   WHERE h.shard = k.shard
     AND NOT EXISTS (SELECT FROM lost_head l JOIN book_halt b ON b.id = l.halt_id WHERE b.lifted_at IS NULL)
  RETURNING h.shard, h.sequence::text AS sequence, encode(h.hash, 'hex') AS hash`;

export interface ChainSecrets {
  readonly keys: ChainKeys;
  readonly signer: HeadSigner;
}

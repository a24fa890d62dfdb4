import { createPublicKey, verify } from 'node:crypto';

/** The head of one hash chain of the ledger, as it is published. */
export interface PublishedHead {
  readonly shard: number | string;
  readonly sequence: string;
  readonly hash: string;
  /** The public key that it names, 32 bytes in base64; a reader goes by the one that it was given elsewhere. */
  readonly key?: string;
  readonly signature?: string;
}

/** What stands before the 32 bytes of an Ed25519 key in SPKI. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** What is signed of a head. */
export function chainHeadBytes({ shard, sequence, hash }: PublishedHead): Buffer {
  return Buffer.from(`sluice ledger chain head\n${shard}\n${sequence}\n${hash}`);
}

/** Whether the owner of this public key (32 bytes in base64) signed the head. False, without throwing, for a key or a signature that is none. */
export function isChainHeadSignedBy(publicKey: string, head: PublishedHead): boolean {
  const bytes = Buffer.from(publicKey, 'base64');
  if (bytes.length !== 32 || head.signature === undefined) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' });
  return verify(null, chainHeadBytes(head), key, Buffer.from(head.signature, 'base64'));
}

import { createPublicKey, verify } from 'node:crypto';

/** Published head of a hash chain of the ledger. */
interface PublishedHead {
  readonly shard: number | string;
  readonly sequence: string;
  readonly hash: string;
  /**
   * Public key named by the head, 32 bytes in base64. A reader must use a key obtained from another
   * source.
   */
  readonly key?: string;
  readonly signature?: string;
}

/** SPKI prefix of a 32-byte Ed25519 key. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Returns the signed bytes of a head. */
export function chainHeadBytes({ shard, sequence, hash }: PublishedHead): Buffer {
  return Buffer.from(`sluice ledger chain head\n${shard}\n${sequence}\n${hash}`);
}

/**
 * True if the owner of the public key (32 bytes in base64) signed the head. Returns false for
 * malformed keys and signatures, without throwing.
 */
export function isChainHeadSignedBy(publicKey: string, head: PublishedHead): boolean {
  const bytes = Buffer.from(publicKey, 'base64');
  if (bytes.length !== 32 || head.signature === undefined) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI, bytes]), format: 'der', type: 'spki' });
  return verify(null, chainHeadBytes(head), key, Buffer.from(head.signature, 'base64'));
}

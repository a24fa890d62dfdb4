import { getAddress, keccak256, slice, type Address, type Hex } from 'viem';

const UNCOMPRESSED = 65;
/** First byte of an uncompressed point. */
const WHOLE_POINT = 0x04;

/** The address of a public key of secp256k1, written as a whole point: 0x04, x, y. Throws for any other form. */
export function addressOfPoint(point: Uint8Array): Address {
  if (point.length !== UNCOMPRESSED || point[0] !== WHOLE_POINT)
    throw new Error('a public key must be a whole point of secp256k1, 65 bytes');
  const digest: Hex = keccak256(point.subarray(1));
  return getAddress(slice(digest, 12));
}

import { numberToHex, recoverAddress, type Address, type Hex } from 'viem';
import { isSameAddress } from './address.js';

/** A signature in the form of a transaction: the lower `s`, and the parity of the point of `r`. */
export interface EthereumSignature {
  readonly r: Hex;
  readonly s: Hex;
  readonly yParity: 0 | 1;
}

/** ECDSA signature from a key store: either value of `s`, without parity. */
export interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
}

/** The order of secp256k1's group (SEC 2, 2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * Converts the key store's output to the signature of `signer` over a hash. Uses the lower `s`
 * (EIP-2), and finds the recovery id by trying both values. Throws if neither matches the signer:
 * another key signed, or other data was signed.
 */
export async function ethereumSignature(
  hash: Hex,
  { r, s }: EcdsaSignature,
  signer: Address,
): Promise<EthereumSignature> {
  if (!isScalar(r) || !isScalar(s)) throw new Error('the key store gave no signature');
  const low = s > ORDER / 2n ? ORDER - s : s;
  const texts = { r: numberToHex(r, { size: 32 }), s: numberToHex(low, { size: 32 }) };
  for (const yParity of [0, 1] as const) {
    const signature = { ...texts, yParity };
    if (await isOf(signer, hash, signature)) return signature;
  }
  throw new Error(`the signature that came is not that of ${signer}`);
}

function isScalar(value: bigint): boolean {
  return value > 0n && value < ORDER;
}

async function isOf(signer: Address, hash: Hex, signature: EthereumSignature): Promise<boolean> {
  try {
    return isSameAddress(await recoverAddress({ hash, signature }), signer);
  } catch {
    return false; // `r` is the coordinate of no point
  }
}

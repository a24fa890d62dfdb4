import { numberToHex, recoverAddress, type Address, type Hex } from 'viem';
import { isSameAddress } from './address.js';

/** A signature as a transaction carries it: the lower of the two `s`, and which of two points `r` stands for. */
export interface EthereumSignature {
  readonly r: Hex;
  readonly s: Hex;
  readonly yParity: 0 | 1;
}

/** What key stores give for a hash under ECDSA: any of the two `s`, and no word on the point. */
export interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
}

/** The order of secp256k1's group (SEC 2, 2.4.1). */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * The signature of `signer` over a hash, from what its key store gave. Takes the lower `s`, as EIP-2 wants it, and finds the recovery id
 * by trying both. Throws where neither is the signer's: another key signed, or something else was signed.
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

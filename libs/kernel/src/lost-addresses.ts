import { base58xrp, base64url, hex } from '@scure/base';
import { type AddressFamily, base58check, bytesOfSolana, canonicalIn } from './address-families.js';

/** Known addresses without a private key, in canonical form. */
const BURNT: ReadonlySet<string> = new Set([
  '0xdead000000000000000042069420694206942069',
  // placeholder for the chain's native coin in contracts
  '0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',
  '0xffffffffffffffffffffffffffffffffffffffff',
  'TLsV52sRDL79HXGGm9yzwKibb6BeruhUzy', // the black hole of the genesis block
  '1BitcoinEaterAddressDontSendf59kuE',
  '1CounterpartyXXXXXXXXXXXXXXXUWLpVr',
  '1nc1nerator11111111111111111111111111111111',
]);

/** Precompiled contracts and 0x…dEaD; an empty field gives zero. */
const MOST_RESERVED = 0xffffn;

/** True if the chain reserves the address, or no key exists. */
export function isLostIn(family: AddressFamily, address: string): boolean {
  const canonical = canonicalIn(family, address);
  if (!canonical.ok) return false;
  if (BURNT.has(canonical.value)) return true;
  const number = accountNumber(family, canonical.value);
  return number !== null && number <= MOST_RESERVED;
}

/** The account's bytes as a number; null where the address is not checked for its number. */
function accountNumber(family: AddressFamily, address: string): bigint | null {
  switch (family) {
    case 'evm':
      return BigInt(address);
    case 'tron':
    case 'bitcoin':
    case 'litecoin':
    case 'dogecoin':
      // A segregated-witness address has letters of another alphabet.
      return /^(bc1|ltc1)/.test(address) ? null : numberOf(base58check.decode(address).subarray(1));
    case 'xrp':
      return numberOf(base58xrp.decode(address).subarray(1, 21));
    case 'ton':
      return numberOf(base64url.decode(address).subarray(2, 34));
    case 'solana':
      return numberOf(bytesOfSolana(address) ?? Uint8Array.of(255));
    case 'stellar':
    case 'cosmos':
    case 'bank':
    case 'other':
      return null;
  }
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${hex.encode(bytes)}`);
}

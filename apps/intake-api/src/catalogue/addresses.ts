import { createHash } from 'node:crypto';
import { bech32, bech32m, createBase58check, hex } from '@scure/base';
import { addressOf } from '@sluice/evm';

/** Groups of chains with a common address format; a bank rail has no addresses. */
export type ChainFamily = 'evm' | 'tron' | 'bitcoin' | 'bank';

const base58check = createBase58check((data) => createHash('sha256').update(data).digest());

const CHECKS: Readonly<Record<ChainFamily, (address: string) => boolean>> = {
  evm: (address) => addressOf(address) !== null && !/^0x0+$/.test(address),
  tron: (address) => base58Version(address, 21) === 0x41,
  bitcoin: (address) =>
    isSegwit(address) || [0x00, 0x05].includes(base58Version(address, 21) ?? -1),
  bank: () => false, // a bank rail pays reference accounts, never an address
};

export function isAddressOf(family: ChainFamily, address: string): boolean {
  return CHECKS[family](address);
}

/** Known burn addresses: no private key exists for any of them. */
const BURN_ADDRESSES: Readonly<Record<ChainFamily, readonly string[]>> = {
  evm: [
    '0xdead000000000000000042069420694206942069',
    // placeholder for the chain's native coin in contracts
    '0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',
    '0xffffffffffffffffffffffffffffffffffffffff',
  ],
  tron: ['TLsV52sRDL79HXGGm9yzwKibb6BeruhUzy'], // the black hole of the genesis block
  bitcoin: ['1BitcoinEaterAddressDontSendf59kuE', '1CounterpartyXXXXXXXXXXXXXXXUWLpVr'],
  bank: [],
};
/**
 * Precompiled contracts and 0x…dEaD are numbers up to this value; an ordinary key with such an
 * address is practically impossible.
 */
const MOST_RESERVED = 0xffffn;

/**
 * Returns whether money sent to a well-formed address is lost: the chain reserves the address, or
 * the address is a known burn address.
 */
export function isBurnAddress(family: ChainFamily, address: string): boolean {
  const number = numberOf(family, address);
  return (
    (number !== null && number <= MOST_RESERVED) ||
    BURN_ADDRESSES[family].some((burnt) => isSameAddress(family, burnt, address))
  );
}

/** In hex the case of letters is only a checksum; in base58 the case is significant. */
export function isSameAddress(family: ChainFamily, one: string, other: string): boolean {
  return family === 'evm' ? one.toLowerCase() === other.toLowerCase() : one === other;
}

/** The twenty bytes of an account as a number; other chains have none. */
function numberOf(family: ChainFamily, address: string): bigint | null {
  if (family === 'evm') return BigInt(address);
  if (family !== 'tron') return null;
  return BigInt(`0x${hex.encode(base58check.decode(address).subarray(1))}`);
}

/** Returns the version byte of a base58check address of the given length in bytes, or null. */
function base58Version(address: string, length: number): number | null {
  const bytes = attempt(() => base58check.decode(address));
  if (bytes?.length !== length || isBurnt(bytes.subarray(1))) return null;
  return bytes[0] ?? null;
}

/**
 * No private key exists for a hash of zeros, and money sent to the address is lost. An empty field
 * produces this hash.
 */
function isBurnt(hash: Uint8Array): boolean {
  return hash.every((byte) => byte === 0);
}

/** BIP 173 and BIP 350, main network: version 0 in bech32, 1 to 16 in bech32m. */
function isSegwit(address: string): boolean {
  const lower = address.toLowerCase();
  if (!lower.startsWith('bc1') || (address !== lower && address !== address.toUpperCase()))
    return false;
  const v0 = attempt(() => bech32.decode(lower as `bc1${string}`));
  const later = attempt(() => bech32m.decode(lower as `bc1${string}`));
  const { prefix, words } = v0 ?? later ?? {};
  if (prefix !== 'bc') return false; // the last `1` ends the prefix: `bc1x1…` is of another chain
  const version = words?.[0];
  if (
    words === undefined ||
    version === undefined ||
    version > 16 ||
    (version === 0) !== (v0 !== null)
  )
    return false;
  const program = attempt(() => bech32.fromWords(words.slice(1)));
  if (program === null) return false;
  return version === 0
    ? [20, 32].includes(program.length)
    : program.length >= 2 && program.length <= 40;
}

/**
 * Returns null for malformed input, the most common input of a check: the codecs throw an error.
 */
function attempt<T>(decode: () => T): T | null {
  try {
    return decode();
  } catch {
    return null;
  }
}

import { bech32, bech32m, createBase58check } from '@scure/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';

export const base58check = createBase58check(sha256);

/** Content of a base58check address: version byte and hash of 20 bytes; null for other text. */
export function versionAndHash(
  text: string,
): { readonly version: number; readonly hash: Uint8Array } | null {
  const bytes = attempt(() => base58check.decode(text));
  const [version] = bytes ?? [];
  return bytes?.length === 21 && version !== undefined
    ? { version, hash: bytes.subarray(1) }
    : null;
}

/** The spelling of ERC-55: the case of each letter is part of a checksum. */
export function checksummedHex(address: string): string {
  const digits = address.slice(2).toLowerCase();
  const hash = keccak_256(new TextEncoder().encode(digits));
  const letters = [...digits].map((digit, place) => {
    const byte = hash[place >> 1] ?? 0;
    const nibble = place % 2 === 0 ? byte >> 4 : byte & 15;
    return nibble >= 8 ? digit.toUpperCase() : digit;
  });
  return `0x${letters.join('')}`;
}

/**
 * Returns the lower-case form of a segregated-witness address (BIP 173, BIP 350); null for other
 * text. Version 0 is written in bech32, the versions 1 to 16 in bech32m.
 */
export function segwit(prefix: string, text: string): string | null {
  const decoded = decodedBech32(prefix, text);
  const [version] = decoded?.words ?? [];
  if (decoded === null || version === undefined || version > 16) return null;
  if ((version === 0) !== (decoded.code === 'bech32')) return null;
  const length = attempt(() => bech32.fromWords(decoded.words.slice(1)))?.length ?? 0;
  const isGood = version === 0 ? [20, 32].includes(length) : length >= 2 && length <= 40;
  return isGood ? text.toLowerCase() : null;
}

/** Returns the lower-case form of a plain bech32 address with a hash of 20 or 32 bytes, or null. */
export function plainBech32(prefix: string, text: string): string | null {
  const decoded = decodedBech32(prefix, text);
  if (decoded?.code !== 'bech32') return null;
  const length = attempt(() => bech32.fromWords(decoded.words))?.length ?? 0;
  return [20, 32].includes(length) ? text.toLowerCase() : null;
}

/** The last `1` ends the prefix: `bc1x1…` is of another chain. */
function decodedBech32(
  prefix: string,
  text: string,
): { readonly code: 'bech32' | 'bech32m'; readonly words: number[] } | null {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return null;
  const codecs = { bech32, bech32m };
  for (const code of ['bech32', 'bech32m'] as const) {
    const decoded = attempt(() => codecs[code].decode(lower as `${string}1${string}`));
    if (decoded !== null) return decoded.prefix === prefix ? { code, words: decoded.words } : null;
  }
  return null;
}

/** CRC-16/XMODEM, the checksum of Stellar and TON. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff;
  }
  return crc;
}

/** Returns null for malformed input, the most common input of a check: the codecs throw. */
export function attempt<T>(decode: () => T): T | null {
  try {
    return decode();
  } catch {
    return null;
  }
}

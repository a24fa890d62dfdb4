import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import {
  base32,
  base58,
  base58xrp,
  base64,
  base64url,
  bech32,
  bech32m,
  createBase58check,
  hex,
} from '@scure/base';
import { ok, refuse, type Result } from './result.js';

const TEST_ONLY = 0x80;
const NON_BOUNCEABLE = 0x51;
const BOUNCEABLE = 0x11;

/**
 * Non-bounceable form of a TON account: bounced money of an unused wallet returns to the sender.
 */
function tonAddress(text: string): Result<string, string> {
  const raw = rawAccount(text) ?? friendlyAccount(text);
  if (raw === null) return refuse('The address format is invalid');
  if (raw === 'test') return refuse('The address belongs to a test network');
  const bytes = Uint8Array.of(NON_BOUNCEABLE, ...raw);
  const crc = crc16(bytes);
  return ok(base64url.encode(Uint8Array.of(...bytes, crc >> 8, crc & 0xff)));
}

/** `0:` or `-1:` and 64 hexadecimal digits. */
function rawAccount(text: string): Uint8Array | null {
  const [, chain, digits] = /^(0|-1):([0-9a-fA-F]{64})$/.exec(text) ?? [];
  if (digits === undefined) return null;
  return Uint8Array.of(chain === '0' ? 0 : 0xff, ...hex.decode(digits.toLowerCase()));
}

/** 36 bytes in either alphabet of base64: flags, chain, account and checksum. */
function friendlyAccount(text: string): Uint8Array | 'test' | null {
  if (text.length !== 48) return null;
  const bytes = attempt(() => (/[-_]/.test(text) ? base64url : base64).decode(text));
  const [flags, chain] = bytes ?? [];
  if (bytes?.length !== 36 || flags === undefined) return null;
  if (crc16(bytes.subarray(0, 34)) !== ((bytes[34] ?? 0) << 8) + (bytes[35] ?? 0)) return null;
  if (chain !== 0 && chain !== 0xff) return null;
  if (![BOUNCEABLE, NON_BOUNCEABLE].includes(flags & ~TEST_ONLY)) return null;
  return (flags & TEST_ONLY) === 0 ? bytes.subarray(1, 34) : 'test';
}

export const base58check = createBase58check(sha256);

/** Content of a base58check address: version byte and hash of 20 bytes; null for other text. */
function versionAndHash(
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
 * Lower-case segregated-witness address (BIP 173, BIP 350), or null. Version 0 is bech32, 1 to 16
 * bech32m.
 */
function segwit(prefix: string, text: string): string | null {
  const decoded = decodedBech32(prefix, text);
  const [version] = decoded?.words ?? [];
  if (decoded === null || version === undefined || version > 16) return null;
  if ((version === 0) !== (decoded.code === 'bech32')) return null;
  const length = attempt(() => bech32.fromWords(decoded.words.slice(1)))?.length ?? 0;
  const isGood = version === 0 ? [20, 32].includes(length) : length >= 2 && length <= 40;
  return isGood ? text.toLowerCase() : null;
}

/** Returns the lower-case form of a plain bech32 address with a hash of 20 or 32 bytes, or null. */
function plainBech32(prefix: string, text: string): string | null {
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
function attempt<T>(decode: () => T): T | null {
  try {
    return decode();
  } catch {
    return null;
  }
}

/**
 * Networks with a common address format. A bank rail has none; addresses of `other` are unchecked.
 */
export const ADDRESS_FAMILIES = [
  'evm',
  'tron',
  'bitcoin',
  'litecoin',
  'dogecoin',
  'xrp',
  'stellar',
  'ton',
  'solana',
  'cosmos',
  'bank',
  'other',
] as const;

export type AddressFamily = (typeof ADDRESS_FAMILIES)[number];

/** The reason of most refusals; any other reason tells the customer what to write instead. */
const FORMAT = 'The address format is invalid';
const INVALID = refuse(FORMAT);

/** Canonical form of each family, or the reason of a refusal. */
const CANONICAL: Readonly<Record<AddressFamily, (text: string) => Result<string, string>>> = {
  evm: (text) => {
    if (!/^0x[0-9a-fA-F]{40}$/.test(text)) return INVALID;
    const digits = text.slice(2);
    // Text in a single case has no checksum.
    const isPlain = digits === digits.toLowerCase() || digits === digits.toUpperCase();
    return isPlain || checksummedHex(text).slice(2) === digits ? ok(text.toLowerCase()) : INVALID;
  },
  tron: (text) => (versionAndHash(text)?.version === 0x41 ? ok(text) : INVALID),
  bitcoin: (text) => orInvalid(segwit('bc', text) ?? legacy(text, { 0x00: 0x00, 0x05: 0x05 })),
  // A script hash has an older version byte, which Bitcoin uses too.
  litecoin: (text) =>
    orInvalid(segwit('ltc', text) ?? legacy(text, { 0x30: 0x30, 0x32: 0x32, 0x05: 0x32 })),
  dogecoin: (text) => orInvalid(legacy(text, { 0x1e: 0x1e, 0x16: 0x16 })),
  xrp: (text) => {
    if (/^X[1-9A-HJ-NP-Za-km-z]{46}$/.test(text))
      return refuse('An X-address is not taken: give the classic address (r…) and the tag as memo');
    return orInvalid(xrpAccount(text));
  },
  stellar: (text) => {
    if (/^M[A-Z2-7]{68}$/.test(text))
      return refuse('A muxed account (M…) is not taken: give the account (G…) and the id as memo');
    if (/^C[A-Z2-7]{55}$/.test(text)) return refuse('A contract (C…) is not paid by a withdrawal');
    return orInvalid(isStellarAccount(text) ? text : null);
  },
  ton: tonAddress,
  solana: (text) => orInvalid(bytesOfSolana(text)?.length === 32 ? text : null),
  cosmos: (text) => orInvalid(plainBech32('cosmos', text)),
  bank: () => INVALID,
  other: (text) =>
    text !== '' && !/[\s\p{C}]/u.test(text)
      ? ok(text)
      : refuse('The address contains a blank or an invisible character'),
};

/** Returns the one spelling of an account of the family, or the reason of a refusal. */
export function canonicalIn(family: AddressFamily, text: string): Result<string, string> {
  return CANONICAL[family](text);
}

/** Returns what is wrong with an address beyond its format, for people; null: nothing is known. */
export function addressHint(family: AddressFamily, text: string): string | null {
  const canonical = canonicalIn(family, text);
  return canonical.ok || canonical.refusal === FORMAT ? null : canonical.refusal;
}

/**
 * Text for comparisons, equal for all spellings, also those of venues' records without a checksum.
 */
export function readIn(family: AddressFamily, text: string): string | null {
  const tron = family === 'tron' && /^(0x)?(41[0-9a-f]{40})$/i.exec(text)?.[2];
  if (typeof tron === 'string') return base58check.encode(hex.decode(tron.toLowerCase()));
  const canonical = canonicalIn(family, text);
  return canonical.ok && family !== 'other' ? canonical.value : null;
}

/** Families in which the case of letters is at most a checksum. */
const CASELESS: ReadonlySet<AddressFamily> = new Set([
  'evm',
  'bitcoin',
  'litecoin',
  'cosmos',
  'stellar',
]);

/** Text without what has no meaning in the family, for spellings that `readIn` cannot read. */
export function foldedIn(family: AddressFamily, text: string): string {
  if (family === 'evm') return text.toLowerCase().replace(/^0x/, '');
  if (!CASELESS.has(family)) return text;
  const lower = text.toLowerCase();
  return /^(bc1|ltc1|cosmos1|g)/.test(lower) ? lower : text;
}

/** Returns whether both texts are the same account, in any case without a meaning. */
export function isSameAddressIn(family: AddressFamily, one: string, other: string): boolean {
  return foldedIn(family, one) === foldedIn(family, other);
}

function orInvalid(canonical: string | null): Result<string, string> {
  return canonical === null ? INVALID : ok(canonical);
}

/** An address with a version byte: each accepted version has the version of its canonical form. */
function legacy(text: string, versions: Readonly<Record<number, number>>): string | null {
  const found = versionAndHash(text);
  if (found === null) return null;
  const version = versions[found.version];
  return version !== undefined ? base58check.encode(Uint8Array.of(version, ...found.hash)) : null;
}

/** A classic address: version 0 and 20 bytes, in an alphabet of its own. */
function xrpAccount(text: string): string | null {
  const bytes = attempt(() => base58check.decode(base58.encode(base58xrp.decode(text))));
  return bytes?.length === 21 && bytes[0] === 0 ? text : null;
}

/** `G…`: version byte, 32 bytes and a checksum with the low byte first. */
function isStellarAccount(text: string): boolean {
  const bytes = text.length === 56 ? attempt(() => base32.decode(text)) : null;
  if (bytes?.length !== 35 || bytes[0] !== 6 << 3) return false;
  return crc16(bytes.subarray(0, 33)) === (bytes[33] ?? 0) + ((bytes[34] ?? 0) << 8);
}

export function bytesOfSolana(text: string): Uint8Array | null {
  return text.length <= 44 ? attempt(() => base58.decode(text)) : null;
}

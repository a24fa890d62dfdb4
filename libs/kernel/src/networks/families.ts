import { base32, base58, base58xrp, hex } from '@scure/base';
import { ok, refuse, type Result } from '../result/result.js';
import {
  attempt,
  base58check,
  checksummedHex,
  crc16,
  plainBech32,
  segwit,
  versionAndHash,
} from './address-codecs.js';
import { tonAddress } from './ton-address.js';

/**
 * Groups of networks with a common address format. A bank rail has no addresses; addresses of
 * `other` cannot be checked.
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
    const checked = checksummedHex(text);
    // Text in a single case has no checksum.
    return [digits.toLowerCase(), digits.toUpperCase(), checked.slice(2)].includes(digits)
      ? ok(text.toLowerCase())
      : INVALID;
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
 * Returns a text for comparisons, equal for all spellings of an account. Records of venues also
 * contain spellings without a checksum, which a request may not use.
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

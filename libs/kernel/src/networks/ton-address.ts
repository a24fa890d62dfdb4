import { base64, base64url, hex } from '@scure/base';
import { ok, refuse, type Result } from '../result/result.js';
import { attempt, crc16 } from './address-codecs.js';

const TEST_ONLY = 0x80;
const NON_BOUNCEABLE = 0x51;
const BOUNCEABLE = 0x11;

/**
 * Returns the one form of a TON account: non-bounceable, in the alphabet for URLs. Money in a
 * bounceable message to a wallet that was never used returns to the sender.
 */
export function tonAddress(text: string): Result<string, string> {
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

import type { KeyRing } from '../message-auth/key-ring.js';

/** The ledger's word to one other service about a passkey of one person. */
export interface PasskeyVoucher {
  readonly service: string;
  readonly person: string;
  readonly credentialId: string;
  /** COSE key in base64url. */
  readonly publicKey: string;
  readonly rpId: string;
  readonly origins: readonly string[];
  /** By the ledger's database clock, RFC 3339 in UTC. */
  readonly issuedAt: string;
}

/** Validity, and the tolerated lead of the ledger's database clock. */
const LIFE_MS = 300_000;
const LEAD_MS = 60_000;

/** Part of no base64url text, and of no key id. */
const BETWEEN = '~';

/** Signs under the key shared with the service: `<JSON in base64url>~<MAC>`. */
export function signVoucher(ring: KeyRing, voucher: PasskeyVoucher): string {
  const text = Buffer.from(JSON.stringify(voucher)).toString('base64url');
  return `${text}${BETWEEN}${ring.sign('passkey voucher', [text])}`;
}

/** Returns the voucher; null if no holder of the key has written exactly this text. */
export function readVoucher(ring: KeyRing, voucher: string): PasskeyVoucher | null {
  const [text = '', mac] = voucher.split(BETWEEN);
  if (!ring.verify('passkey voucher', [text], mac)) return null;
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as PasskeyVoucher;
}

/** True within five minutes after the issue, by the reader's database clock. */
export function isVoucherValid({ issuedAt }: PasskeyVoucher, now: Date): boolean {
  const ageMs = now.getTime() - Date.parse(issuedAt);
  return ageMs <= LIFE_MS && ageMs >= -LEAD_MS;
}

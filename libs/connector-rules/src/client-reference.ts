const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ID_LENGTH = 22;

/**
 * Builds our id at the venue if the command brings no client reference (commands older than the
 * references derived by intake-api). The id is the withdrawal's UUID in base 62 (22 characters) and
 * the key number, letters and digits only. The id fits the narrowest venue (32 characters) and is
 * known before the first send. A resend keeps the id; a new number is a new key.
 */
export function clientReference(withdrawalId: string, keyNumber: number): string {
  if (!UUID.test(withdrawalId)) throw new Error(`not a withdrawal id: ${withdrawalId}`);
  if (!Number.isSafeInteger(keyNumber) || keyNumber < 1)
    throw new Error(`not a key number: ${keyNumber}`);
  return base62(BigInt(`0x${withdrawalId.replaceAll('-', '')}`)) + base62Short(BigInt(keyNumber));
}

/**
 * Returns the origin of a reference: the client's own reference or the withdrawal; null for text
 * not written by us.
 */
export function originOf(reference: string): 'client_reference' | 'withdrawal' | null {
  if (/^c[0-9A-Za-z]{22,31}$/.test(reference)) return 'client_reference';
  return /^w[0-9A-Za-z]{22,31}$/.test(reference) || withdrawalIdOf(reference) !== null
    ? 'withdrawal'
    : null;
}

/** Returns the withdrawal id inside a client reference; null for text not written by us. */
export function withdrawalIdOf(reference: string): string | null {
  if (!/^[0-9A-Za-z]{23,32}$/.test(reference)) return null;
  let value = 0n;
  for (const character of reference.slice(0, ID_LENGTH))
    value = value * 62n + BigInt(ALPHABET.indexOf(character));
  if (value >= 1n << 128n) return null;
  const hex = value.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function base62(value: bigint): string {
  return base62Short(value).padStart(ID_LENGTH, '0');
}

function base62Short(value: bigint): string {
  let text = '';
  for (let rest = value; rest > 0n || text === ''; rest /= 62n)
    text = (ALPHABET[Number(rest % 62n)] ?? '') + text;
  return text;
}

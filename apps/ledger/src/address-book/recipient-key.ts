import { createHash } from 'node:crypto';
import { destinationKey, destinationOf } from '@sluice/kernel';

/** Hex digits of a digest: 128 bits. */
const DIGEST_LENGTH = 32;
/** Characters at each end of an address that a person compares. */
const END_LENGTH = 4;
/** Start of every address of a chain: the start says nothing about the owner. */
const COMMON_START = /^(0x|[a-z]{2,4}1[qpz]?|.)/;

/**
 * Returns the key of a recipient: `DIGEST` of the account or address, `+DIGEST` of the memo, and
 * `:ENDS` of an address. Keys are equal for every spelling of an address, and different for another
 * memo. Addresses with equal ends are easily confused by people.
 */
export function recipientOf(wire: unknown): string {
  const destination = destinationOf(wire);
  if (destination.type !== 'address') return digestOf(destinationKey(destination));
  const { address, memo } = destination;
  const key = destinationKey({ type: 'address', address });
  const ends = endsOf(decodeURIComponent(key.slice(key.indexOf(':') + 1).replace(/:$/, '')));
  return `${digestOf(key)}${memo === undefined ? '' : `+${digestOf(memo)}`}${ends}`;
}

function endsOf(address: string): string {
  const own = address.replace(COMMON_START, '');
  if (own.length < 4 * END_LENGTH) return '';
  return `:${own.slice(0, END_LENGTH)}${own.slice(-END_LENGTH)}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH);
}

/** Returns the digest of the address or account, without the memo. */
export function accountPartOf(recipient: string): string {
  return recipient.slice(0, DIGEST_LENGTH);
}

/** Returns the ends of the address; empty for other recipients. */
export function endsPartOf(recipient: string): string {
  const at = recipient.indexOf(':');
  return at === -1 ? '' : recipient.slice(at + 1);
}

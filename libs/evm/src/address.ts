import { getAddress, isAddress, isAddressEqual, type Address } from 'viem';

/**
 * Parses an address and returns the checksummed form; null for any other text. Mixed case must
 * match the checksum (ERC-55); single-case text has no checksum.
 */
export function addressOf(text: string): Address | null {
  const digits = text.slice(2);
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  return isAddress(text, { strict: isMixed }) ? getAddress(text) : null;
}

/**
 * True if both addresses are equal, independent of case. Null (for the native coin) equals only
 * null.
 */
export function isSameAddress(one: Address | null, other: Address | null): boolean {
  return one === null || other === null ? one === other : isAddressEqual(one, other);
}

import { getAddress, isAddress, isAddressEqual, type Address } from 'viem';

/** The address that a text names, with its checksum; null for what is none. In mixed case the letters must be the checksum (ERC-55), in one case throughout there is none. */
export function addressOf(text: string): Address | null {
  const digits = text.slice(2);
  const isMixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase();
  return isAddress(text, { strict: isMixed }) ? getAddress(text) : null;
}

/** Whether two addresses are the same, however their case is written; none, such as the chain's own coin has, is the same as none. */
export function isSameAddress(one: Address | null, other: Address | null): boolean {
  return one === null || other === null ? one === other : isAddressEqual(one, other);
}

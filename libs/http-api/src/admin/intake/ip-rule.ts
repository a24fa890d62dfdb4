import ipaddr from 'ipaddr.js';

/** Minimum prefix length of a range: a list with half of the Internet is useless. */
const LEAST_BITS = { ipv4: 8, ipv6: 16 } as const;

/**
 * Returns true for an address or CIDR range valid in a key's list. `10` and `0x7f.1`, accepted as
 * addresses by some software, are rejected.
 */
export function isIpRule(text: string): boolean {
  const [base = ''] = text.split('/', 1);
  const plain = ipaddr.IPv4.isValidFourPartDecimal(base) || ipaddr.IPv6.isValid(base);
  if (!plain || !text.includes('/')) return plain;
  if (!ipaddr.isValidCIDR(text)) return false;
  const [address, bits] = ipaddr.parseCIDR(text);
  return bits >= leastBits(address);
}

/** An IPv4 range inside IPv6 has the 96 bits of the mapping in front. */
function leastBits(address: ipaddr.IPv4 | ipaddr.IPv6): number {
  return address.range() === 'ipv4Mapped' ? 96 + LEAST_BITS.ipv4 : LEAST_BITS[address.kind()];
}

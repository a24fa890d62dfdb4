import ipaddr from 'ipaddr.js';

/** The widest ranges, by the bits that are fixed: what lets half of the world in is no list. */
const LEAST_BITS = { ipv4: 8, ipv6: 16 } as const;

/** Whether text is an address or a CIDR range that the list of a key understands. `10` or `0x7f.1` are addresses to some, and mistakes here. */
export function isIpRule(text: string): boolean {
  const [base = ''] = text.split('/', 1);
  const plain = ipaddr.IPv4.isValidFourPartDecimal(base) || ipaddr.IPv6.isValid(base);
  if (!plain || !text.includes('/')) return plain;
  if (!ipaddr.isValidCIDR(text)) return false;
  const [address, bits] = ipaddr.parseCIDR(text);
  return bits >= LEAST_BITS[address.kind()];
}

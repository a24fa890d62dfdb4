import ipaddr from 'ipaddr.js';

/** Whether text is an address or a CIDR range that the list of a key understands. `10` or `0x7f.1` are addresses to some, and mistakes here. */
export function isIpRule(text: string): boolean {
  const [base = ''] = text.split('/', 1);
  const plain = ipaddr.IPv4.isValidFourPartDecimal(base) || ipaddr.IPv6.isValid(base);
  return plain && (text.includes('/') ? ipaddr.isValidCIDR(text) : true);
}

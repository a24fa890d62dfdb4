import ipaddr from 'ipaddr.js';

/**
 * Returns whether an address matches a list of addresses and CIDR ranges. IPv4-mapped IPv6 is
 * compared as IPv4.
 */
export function isListed(ip: string, list: readonly string[]): boolean {
  if (!ipaddr.isValid(ip)) return false; // the peer has gone already
  const address = ipaddr.process(ip);
  return list.some((entry) => {
    const [base, bits] = entry.includes('/') ? ipaddr.parseCIDR(entry) : wholeAddress(entry);
    return base.kind() === address.kind() && address.match(base, bits);
  });
}

function wholeAddress(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const address = ipaddr.process(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

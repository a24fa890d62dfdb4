import ipaddr from 'ipaddr.js';

/**
 * Returns whether an address matches a list of addresses and CIDR ranges. IPv4-mapped IPv6 is
 * compared as IPv4.
 */
export function isListed(ip: string, list: readonly string[]): boolean {
  if (!ipaddr.isValid(ip)) return false; // the peer has gone already
  const address = ipaddr.process(ip);
  return list.some((entry) => {
    const [base, bits] = rangeOf(entry);
    return base.kind() === address.kind() && address.match(base, bits);
  });
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Bits in front of the IPv4 address in a mapped address. */
const MAPPED_BITS = 96;

function rangeOf(entry: string): Range {
  if (!entry.includes('/')) return wholeAddress(entry);
  const [base, bits] = ipaddr.parseCIDR(entry);
  const plain = ipaddr.process(base.toString());
  const isMapped = plain.kind() !== base.kind() && bits >= MAPPED_BITS;
  return isMapped ? [plain, bits - MAPPED_BITS] : [base, bits];
}

function wholeAddress(entry: string): Range {
  const address = ipaddr.process(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

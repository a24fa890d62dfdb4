import ipaddr from 'ipaddr.js';

type IPv4 = InstanceType<typeof ipaddr.IPv4>;
type IPv6 = InstanceType<typeof ipaddr.IPv6>;

/** Local-use NAT64 (RFC 8215): each network defines the addresses behind the prefix. */
const LOCAL_NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b:1::/48');
/** Complete address range ever assigned for the public internet. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Returns true if the text is an IP address of the public internet. An address with embedded
 * addresses (mapped, NAT64, 6to4, Teredo) is public if all embedded addresses are public. Returns
 * false for text without a valid address.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  return address.kind() === 'ipv4' ? isPublicV4(address as IPv4) : isPublicV6(address as IPv6);
}

/**
 * Public by range, but answered by the host of a virtual machine: Azure's WireServer
 * (learn.microsoft.com, "What is IP address 168.63.129.16?").
 */
const AZURE_HOST = '168.63.129.16';

function isPublicV4(address: IPv4): boolean {
  return address.range() === 'unicast' && address.toString() !== AZURE_HOST;
}

function isPublicV6(address: IPv6): boolean {
  if (address.zoneId !== undefined || address.match(LOCAL_NAT64)) return false;
  const embedded = embeddedIn(address);
  if (embedded.length > 0) return embedded.every(isPublicV4);
  return address.range() === 'unicast' && address.match(GLOBAL_UNICAST);
}

/**
 * Returns the IPv4 addresses possibly reached by a packet to the IPv6 address; empty if none are
 * embedded.
 */
function embeddedIn(address: IPv6): readonly IPv4[] {
  const [, second, third, fourth, , , seventh, eighth] = address.parts;
  switch (address.range()) {
    case 'ipv4Mapped':
    case 'rfc6145':
    case 'rfc6052':
      return [v4Of(seventh, eighth)];
    case '6to4':
      return [v4Of(second, third)];
    case 'teredo': // the server, and the client with inverted bits
      return [v4Of(third, fourth), v4Of(turned(seventh), turned(eighth))];
    default:
      return [];
  }
}

function turned(part = 0): number {
  return part ^ 0xffff;
}

function v4Of(high = 0, low = 0): IPv4 {
  return new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
}

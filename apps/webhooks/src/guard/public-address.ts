import ipaddr from 'ipaddr.js';

type IPv4 = InstanceType<typeof ipaddr.IPv4>;
type IPv6 = InstanceType<typeof ipaddr.IPv6>;

/** Local-use NAT64 (RFC 8215): what is behind it is the network's own affair. */
const LOCAL_NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b:1::/48');
/** All that was ever given out for the public internet. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IP address, as text, is one of the public internet. An address in which another one is embedded (mapped, NAT64, 6to4, Teredo)
 * leads to that one, and is public if that one is. What is no address is not public.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  return address.kind() === 'ipv4' ? isPublicV4(address as IPv4) : isPublicV6(address as IPv6);
}

/** Public by its range, and answered by the host of a virtual machine: Azure's WireServer (learn.microsoft.com, "What is IP address 168.63.129.16?"). */
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

/** The IPv4 addresses that a packet to this one may end up at; none where it is an address of its own. */
function embeddedIn(address: IPv6): readonly IPv4[] {
  const [, second, third, fourth, , , seventh, eighth] = address.parts;
  switch (address.range()) {
    case 'ipv4Mapped':
    case 'rfc6145':
    case 'rfc6052':
      return [v4Of(seventh, eighth)];
    case '6to4':
      return [v4Of(second, third)];
    case 'teredo': // the server, and the client behind it, whose bits are turned over
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

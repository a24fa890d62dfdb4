import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ok, refuse, type Result } from '@sluice/kernel';

export interface UrlRules {
  /** Development alone: `http` and `https` at this machine, at any port. */
  readonly allowLoopback: boolean;
}

const PORTS = new Set(['', '443', '8443']);
/** Parts repaired by WHATWG parsing, which another parser may repair to another host. */
const REPAIRED = /[\\\s\p{Cc}]|^https?:(?!\/\/[^/])/iu;
/** Names never public (RFC 6762, 8375 and 9476, ICANN's `internal`, and Kubernetes). */
const INNER_ZONES = /(^|\.)(internal|local|localdomain|lan|intranet|corp|home|home\.arpa|alt|svc)$/;
const LOCALHOST = /(^|\.)localhost$/;

/**
 * Parses by the WHATWG rules, which normalize literal addresses (`0x7f000001`, `127.1`), or refuses
 * in a sentence. The connect checks resolved addresses.
 */
export function readWebhookUrl(text: string, { allowLoopback }: UrlRules): Result<URL, string> {
  if (REPAIRED.test(text) || !URL.canParse(text)) return refuse('Input should be a valid URL');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    return refuse('URL should have no user name and no password');
  const host = hostOf(url);
  if (isLoopback(host))
    return allowLoopback && /^https?:$/.test(url.protocol)
      ? ok(url)
      : refuse('URL should lead to the public internet');
  if (url.protocol !== 'https:') return refuse('URL should begin with https://');
  if (!PORTS.has(url.port)) return refuse('URL should have the port 443 or 8443');
  if (isIP(host) === 0 ? isInnerName(host) : !isPublicAddress(host))
    return refuse('URL should lead to the public internet');
  return ok(url);
}

/** Returns the host name without IPv6 brackets and without the final dot of a complete name. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** A name without a dot, or in an inner zone, is never public. */
function isInnerName(host: string): boolean {
  return !host.includes('.') || INNER_ZONES.test(host);
}

/** Expects the host as normalized by WHATWG. */
export function isLoopback(host: string): boolean {
  return LOCALHOST.test(host) || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

type IPv4 = InstanceType<typeof ipaddr.IPv4>;
type IPv6 = InstanceType<typeof ipaddr.IPv6>;

/** Local-use NAT64 (RFC 8215): each network defines the addresses behind the prefix. */
const LOCAL_NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b:1::/48');
/** Complete address range ever assigned for the public internet. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * True for an address of the public internet whose embedded addresses (mapped, NAT64, 6to4, Teredo)
 * are all public.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  return address.kind() === 'ipv4' ? isPublicV4(address as IPv4) : isPublicV6(address as IPv6);
}

/**
 * Azure's WireServer, public by range (learn.microsoft.com, "What is IP address 168.63.129.16?").
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

/** IPv4 addresses that a packet to the IPv6 address may reach. */
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

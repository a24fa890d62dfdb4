import { isIP } from 'node:net';
import { ok, refuse, type Result } from '@sluice/kernel';
import { isPublicAddress } from './public-address.js';

export interface UrlRules {
  /** Development alone: `http` and `https` at this machine, at any port. */
  readonly allowLoopback: boolean;
}

const PORTS = new Set(['', '443', '8443']);
/**
 * Malformed parts repaired by WHATWG parsing; another parser may repair the URL to another host.
 */
const REPAIRED = /[\\\s\p{Cc}]|^https?:(?!\/\/[^/])/iu;
/**
 * Names without a host in the public internet, regardless of an internal resolver (RFC 6762, 8375
 * and 9476, ICANN's `internal`, and Kubernetes).
 */
const INNER_ZONES = /(^|\.)(internal|local|localdomain|lan|intranet|corp|home|home\.arpa|alt|svc)$/;
const LOCALHOST = /(^|\.)localhost$/;

/**
 * Parses a webhook URL by the WHATWG rules. The rules normalize every form of a literal address
 * (`0x7f000001`, `127.1`). Returns a refusal sentence for a URL not allowed for webhooks. A name
 * may still resolve to a forbidden address: the connect checks the resolved addresses.
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

/**
 * A name without a dot belongs to the local network, and a name in an inner zone is never public.
 */
function isInnerName(host: string): boolean {
  return !host.includes('.') || INNER_ZONES.test(host);
}

/** Expects the host as normalized by WHATWG. */
export function isLoopback(host: string): boolean {
  return LOCALHOST.test(host) || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

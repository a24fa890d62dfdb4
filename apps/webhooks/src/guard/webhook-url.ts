import { isIP } from 'node:net';
import { ok, refuse, type Result } from '@sluice/result';
import { isPublicAddress } from './public-address.js';

export interface UrlRules {
  /** Development alone: `http` and `https` at this machine, at any port. */
  readonly allowLoopback: boolean;
}

const PORTS = new Set(['', '443', '8443']);
/** WHATWG repairs these, and another parser repairs them to another host. */
const REPAIRED = /[\\\s\p{Cc}]|^https?:(?!\/\/[^/])/iu;
/** Names that lead nowhere in the public internet, whatever an inner resolver makes of them (RFC 6762, 8375 and 9476, ICANN's `internal`, and Kubernetes). */
const INNER_ZONES = /(^|\.)(internal|local|localdomain|lan|intranet|corp|home|home\.arpa|alt|svc)$/;
const LOCALHOST = /(^|\.)localhost$/;

/**
 * Reads the URL of a webhook by the rules of WHATWG, which write every form of a literal address (`0x7f000001`, `127.1`) as the one that it is.
 * Refuses with a sentence whatever no webhook may have. A name may still resolve to a forbidden address: that is looked at when it is connected to.
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

/** Without the brackets of IPv6 and without the dot that a complete name may end with. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** A name without a dot is one of this network, and so is one of a zone that no public name is in. */
function isInnerName(host: string): boolean {
  return !host.includes('.') || INNER_ZONES.test(host);
}

/** As WHATWG writes it. */
export function isLoopback(host: string): boolean {
  return LOCALHOST.test(host) || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

import { isLoopback } from '../config/database-url.js';
import type { ConfigOf, RuleInput } from '../config/read-config.js';
import { Secret } from '../config/secret.js';
import { list, readUrl, secretFile } from '../config/settings.js';
import { urlPasswordFault } from '../config/url-password.js';

/** HTTP proxy of the outgoing calls; the URL may hold a password. */
export interface OutgoingProxy {
  readonly url: Secret;
  /** Hosts called without the proxy; `.example.com` is each host below this domain. */
  readonly direct: readonly string[];
}

/** Proxy settings of a process that calls venues, chain nodes or the token issuer. */
export const PROXY_SETTINGS = {
  outgoingProxyUrl: secretFile('OUTGOING_PROXY_URL', { parse: proxyUrl }, new Secret('')),
  outgoingNoProxy: list('OUTGOING_NO_PROXY', []),
} as const;

export type ProxySettings = ConfigOf<typeof PROXY_SETTINGS>;

/** Returns the configured proxy; null for direct calls. */
export function outgoingProxyOf(settings: ProxySettings): OutgoingProxy | null {
  const { outgoingProxyUrl: url, outgoingNoProxy: direct } = settings;
  return url.reveal() === '' ? null : { url, direct };
}

/** Requires the file for a proxy password in production. */
export function proxyPasswordInFile({
  config: { nodeEnv, outgoingProxyUrl },
  env,
}: RuleInput<ProxySettings & { readonly nodeEnv: string }>): readonly string[] {
  const url = outgoingProxyUrl?.reveal() ?? '';
  if (nodeEnv !== 'production' || url === '' || !env['OUTGOING_PROXY_URL']) return [];
  return new URL(url).password === ''
    ? []
    : [
        'OUTGOING_PROXY_URL has a password: in production set OUTGOING_PROXY_URL_FILE to a file with the URL',
      ];
}

/**
 * Returns the proxy for calls to this origin; null if the origin is called directly. Throws for an
 * origin without TLS on another machine, because the proxy could read and change the requests.
 */
export function proxyFor(origin: string, proxy: OutgoingProxy | null): OutgoingProxy | null {
  const { protocol, hostname, host } = new URL(origin);
  if (proxy === null || isDirect(hostname, proxy.direct)) return null;
  if (protocol === 'https:' || isLoopback(hostname)) return proxy;
  throw new Error(
    `${protocol}//${host} has no TLS, and the proxy of OUTGOING_PROXY_URL could change the requests: use https://, or add the host to OUTGOING_NO_PROXY`,
  );
}

function isDirect(hostname: string, direct: readonly string[]): boolean {
  return direct.some((one) => {
    const name = one.toLowerCase();
    return name.startsWith('.') ? hostname.endsWith(name) : hostname === name;
  });
}

function proxyUrl(value: string): string {
  const ambiguous = urlPasswordFault(value);
  if (ambiguous !== null) throw new Error(ambiguous);
  const fault = 'must be http(s)://[USER:PASSWORD@]HOST:PORT and nothing more';
  if (!URL.canParse(value)) throw new Error(fault);
  const { protocol, pathname, search, hash } = new URL(value);
  if (!/^https?:$/.test(protocol) || pathname !== '/' || search + hash !== '')
    throw new Error(fault);
  return readUrl(value);
}

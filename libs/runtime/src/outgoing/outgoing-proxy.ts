import { readFile } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Agent, buildConnector } from 'undici';
import { isLoopback, urlPasswordFault } from '../config/addresses.js';
import type { ConfigOf, RuleInput } from '../config/read-config.js';
import { Secret } from '../config/secret.js';
import { list, readUrl, secretFile } from '../config/settings.js';

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
 * Proxy for calls to this origin, or null. Throws for an origin without TLS on another machine: the
 * proxy could change requests.
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

/** No tunnel exists: no byte of a request has left for the host behind the proxy. */
class NoTunnelError extends Error {
  override readonly name = 'NoTunnelError';
}

interface TunnelOptions {
  readonly origin: string;
  readonly proxy: OutgoingProxy;
  /** Timeout of the tunnel, and again of the TLS handshake in the tunnel. */
  readonly timeoutMs: number;
  /** PEM of the CA required at the origin. Default: the CAs known to Node. */
  readonly ca?: string;
}

/**
 * Connector for an origin: a tunnel (CONNECT), and in it TLS as without a proxy; null: direct.
 * Fails with NoTunnelError until the tunnel is open.
 */
export function tunnelConnector(options: TunnelOptions): buildConnector.connector | null {
  if (proxyFor(options.origin, options.proxy) === null) return null;
  let secure: Promise<buildConnector.connector> | null = null;
  return (target, callback) => {
    secure ??= secureConnector(options);
    Promise.all([secure, openTunnel(options)]).then(
      ([handshake, socket]) => {
        if (target.protocol === 'https:') handshake({ ...target, httpSocket: socket }, callback);
        else callback(null, socket);
      },
      (error: Error) => callback(error, null),
    );
  };
}

async function secureConnector({
  timeoutMs: timeout,
  ca,
}: TunnelOptions): Promise<buildConnector.connector> {
  // loaded with the first connection, because loading takes longer than printing the help of a command
  const undici = await import('undici');
  return undici.buildConnector({ timeout, allowH2: false, ...(ca !== undefined && { ca }) });
}

/** Opens a tunnel to the origin. Throws a NoTunnelError. */
function openTunnel({ origin, proxy, timeoutMs }: TunnelOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const refuse = (why: string): void => reject(new NoTunnelError(why));
    const call = connectRequest(new URL(proxy.url.reveal()), placeOf(origin));
    const timer = setTimeout(() => {
      refuse('the proxy does not answer CONNECT');
      call.destroy();
    }, timeoutMs);
    call.once('connect', ({ statusCode = 0 }: IncomingMessage, socket: Socket, head: Buffer) => {
      clearTimeout(timer);
      const isOpen = statusCode >= 200 && statusCode < 300 && head.length === 0;
      if (isOpen) return resolve(socket);
      socket.on('error', () => undefined).destroy();
      refuse(`the proxy answers CONNECT with ${statusCode}`);
    });
    call.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      refuse(`the proxy is not reached: ${error.code ?? error.name}`);
    });
    call.end();
  });
}

function connectRequest(proxy: URL, place: string): ClientRequest {
  const { protocol, hostname, port, username, password } = proxy;
  const [request, usualPort] =
    protocol === 'https:' ? ([httpsRequest, 443] as const) : ([httpRequest, 80] as const);
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return request({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? usualPort : Number(port),
    method: 'CONNECT',
    path: place,
    agent: false,
    headers: {
      host: place,
      ...(username !== '' && {
        'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}`,
      }),
    },
  });
}

/** Host and port of an origin, as CONNECT names the place. */
function placeOf(origin: string): string {
  const { hostname, port, protocol } = new URL(origin);
  const usual = protocol === 'https:' ? '443' : '80';
  return `${hostname}:${port === '' ? usual : port}`;
}

export interface IssuerPath {
  /** PEM file of the only CA believed; null: the CAs known to Node. Read again for each call. */
  readonly caFile: string | null;
  /** Null: direct calls. */
  readonly proxy: OutgoingProxy | null;
}

interface IssuerCall {
  readonly url: string;
  /** Fields of a form sent by POST. Default: GET. */
  readonly form?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Calls the token issuer and returns the answer with any status. Follows no redirect. */
export async function callIssuer(
  { url, form, timeoutMs }: IssuerCall,
  path: IssuerPath,
): Promise<{ readonly status: number; readonly json: unknown }> {
  // loaded with the first call, because loading takes longer than printing the help of a command
  const { request } = await import('undici');
  const agent = await issuerAgent(new URL(url).origin, path, timeoutMs);
  try {
    const { statusCode: status, body } = await request(url, {
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
      ...(form && {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      }),
    });
    const text = await body.text();
    return { status, json: jsonOf(text) };
  } finally {
    void agent.close();
  }
}

/** Agent for calls to an origin of the issuer; the caller closes the agent. */
export async function issuerAgent(
  origin: string,
  path: IssuerPath,
  timeoutMs: number,
): Promise<Agent> {
  const { Agent } = await import('undici');
  const ca = path.caFile === null ? {} : { ca: await readFile(path.caFile, 'utf8') };
  const tunnel =
    path.proxy === null ? null : tunnelConnector({ origin, proxy: path.proxy, timeoutMs, ...ca });
  return new Agent({ connect: tunnel ?? { timeout: timeoutMs, ...ca } });
}

/** Undefined for a text that is not JSON, such as the error page of a proxy. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';
import { proxyFor, type OutgoingProxy } from './outgoing-proxy.js';

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
 * Returns the undici connector for an origin: a tunnel through the proxy (CONNECT), and in the
 * tunnel TLS with the certificate check of a direct connection. Null: the origin is called directly.
 * The connector fails with a NoTunnelError until the proxy has opened the tunnel.
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

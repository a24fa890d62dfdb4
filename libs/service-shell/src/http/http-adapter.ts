import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { failure } from '@sluice/http-api';

const TIMES: ConnectionTimes = {
  sendWithinMs: 15_000,
  checkEveryMs: 3_000,
  keepAliveMs: 620_000,
};

/** Responses to requests rejected by the HTTP parser, by parser error code. */
const UNREADABLE: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request header fields too large'],
};

export interface WatchedServer {
  readonly server: Server;
  readonly unused: UnusedConnections;
}

/** Server with the times and parse errors of `httpAdapter`; TLS only with a certificate. */
export function httpServer(
  handler: RequestListener,
  given: Partial<ConnectionTimes> = {},
  certificate: SecureContextOptions | null = null,
): WatchedServer {
  const times = { ...TIMES, ...given };
  const { sendWithinMs, checkEveryMs, keepAliveMs } = times;
  const limits = {
    requestTimeout: sendWithinMs,
    headersTimeout: sendWithinMs,
    connectionsCheckingInterval: checkEveryMs,
  };
  const options = { ...limits, keepAliveTimeout: keepAliveMs };
  const server = certificate
    ? createTlsServer({ ...options, ...certificate }, handler)
    : createServer(options, handler);
  const unused = new UnusedConnections(times);
  unused.watch(server);
  return { server: server.on('clientError', refusalOf(unused)), unused };
}

/** HTTP server of every service. Failures before route look-up use the common envelope. */
export function httpAdapter(given: Partial<ConnectionTimes> = {}): FastifyAdapter {
  const times = { ...TIMES, ...given };
  const { sendWithinMs, checkEveryMs, keepAliveMs } = times;
  const unused = new UnusedConnections(times);
  const adapter = new FastifyAdapter({
    forceCloseConnections: 'idle',
    requestTimeout: sendWithinMs,
    keepAliveTimeout: keepAliveMs,
    // Node takes the longer of the two limits for the body: both have to be given.
    http: { headersTimeout: sendWithinMs, connectionsCheckingInterval: checkEveryMs },
    clientErrorHandler: refusalOf(unused),
    genReqId: newRequestId,
    // An undecodable path, or a path with an overlong segment, is answered as not found.
    frameworkErrors: (_error: FastifyError, { id }: FastifyRequest, reply: FastifyReply) => {
      void reply.code(404).header(REQUEST_ID_HEADER, id).send(failure('Not found'));
    },
  });
  unused.watch(adapter.getInstance().server);
  adapter.getInstance().addHook('onRequest', ({ raw, id }, reply, done) => {
    if (hostsOf(raw.rawHeaders) < 2) return done();
    void reply.code(400).header(REQUEST_ID_HEADER, id).send(failure('Bad request'));
  });
  return adapter;
}

/** Number of Host headers. Node takes the first of several; a proxy before us may take another. */
function hostsOf(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.toLowerCase() === 'host') hosts++;
  return hosts;
}

type ClientErrorHandler = (error: NodeJS.ErrnoException, socket: Duplex) => void;

/** Answers requests that the parser rejects. A connection without a byte has sent no request. */
function refusalOf(unused: UnusedConnections): ClientErrorHandler {
  return (error, socket) => {
    if (error.code !== 'ERR_HTTP_REQUEST_TIMEOUT' || !unused.has(socket))
      refuseUnreadable(error, socket);
  };
}

function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const [status, message] = UNREADABLE[error.code ?? ''] ?? [400, 'Bad request'];
  const body = JSON.stringify(failure(message));
  const head = `HTTP/1.1 ${status} ${message}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\n${REQUEST_ID_HEADER}: ${newRequestId()}\r\nconnection: close`;
  if (socket.writable && error.code !== 'ECONNRESET') socket.write(`${head}\r\n\r\n${body}`);
  socket.destroy(error);
}

interface ConnectionTimes {
  /** Limit for a client to send a request including the body, from its first byte. */
  readonly sendWithinMs: number;
  readonly checkEveryMs: number;
  /** Minimum time for which a connection stays open without a request. */
  readonly keepAliveMs: number;
}

/**
 * Connections without a request yet, which a balancer opens ahead: an early answer or end would
 * fail its later request. Node would answer 408 by a limit from the opening.
 */
class UnusedConnections {
  private readonly timers = new Map<Duplex, NodeJS.Timeout>();

  constructor(private readonly times: ConnectionTimes) {}

  watch(server: Server): void {
    const opened = server instanceof TlsServer ? 'secureConnection' : 'connection';
    server.on(opened, (socket: Socket) => this.add(socket));
    server.on('request', ({ socket }) => this.forget(socket));
  }

  /** True for a connection that has not sent a byte: no limit of a request applies. */
  has(socket: Duplex): boolean {
    return this.timers.has(socket) && isSilent(socket as Socket);
  }

  /** Ends the connections that have not sent a byte: Node does not count them as idle. */
  close(): void {
    for (const socket of this.timers.keys()) if (this.has(socket)) socket.destroy();
  }

  private add(socket: Socket): void {
    const { keepAliveMs, sendWithinMs, checkEveryMs } = this.times;
    const end = (): void => void socket.destroy();
    const endUnlessBegun = (): void => {
      if (isSilent(socket)) return end();
      // Node answers 408 before; bytes that begin no request (line ends) have no limit of Node
      this.timers.set(socket, setTimeout(end, sendWithinMs + 2 * checkEveryMs).unref());
    };
    this.timers.set(socket, setTimeout(endUnlessBegun, keepAliveMs).unref());
    socket.once('close', () => this.forget(socket));
  }

  private forget(socket: Duplex): void {
    clearTimeout(this.timers.get(socket));
    this.timers.delete(socket);
  }
}

/** A TLS socket counts only bytes after the handshake. */
function isSilent({ bytesRead }: Socket): boolean {
  return bytesRead === 0;
}

/** Response header with the request id. Logs, traces and audit entries have the same id. */
const REQUEST_ID_HEADER = 'x-request-id';

function newRequestId(): string {
  return randomUUID();
}

/** Sets the header before any hook can reject the request. */
export function answerWithRequestId(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header(REQUEST_ID_HEADER, request.id);
    done();
  });
}

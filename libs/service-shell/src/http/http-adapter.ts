import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { failure } from '@sluice/http-api';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { newRequestId, REQUEST_ID_HEADER } from './request-ids.js';

/** Time limit for a client to send a request including the body, and interval of the check (ms). */
interface RequestTimeouts {
  readonly sendWithinMs: number;
  readonly checkEveryMs: number;
}

const TIMEOUTS: RequestTimeouts = { sendWithinMs: 15_000, checkEveryMs: 3_000 };

const KEEP_ALIVE_MS = 72_000;

/** Responses to requests rejected by the HTTP parser, by parser error code. */
const UNREADABLE: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request header fields too large'],
};

/**
 * Creates a server with the timeouts of `httpAdapter` and the same responses to unparsable
 * requests. With a certificate the server accepts only TLS.
 */
export function httpServer(
  handler: RequestListener,
  { sendWithinMs, checkEveryMs }: RequestTimeouts = TIMEOUTS,
  certificate: SecureContextOptions | null = null,
): Server {
  const limits = {
    requestTimeout: sendWithinMs,
    headersTimeout: sendWithinMs,
    connectionsCheckingInterval: checkEveryMs,
  };
  const options = { ...limits, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = certificate
    ? createTlsServer({ ...options, ...certificate }, handler)
    : createServer(options, handler);
  return server.on('clientError', refuseUnreadable);
}

/**
 * HTTP server of every service. Failures before route lookup use the same envelope as all other
 * responses.
 */
export function httpAdapter({
  sendWithinMs,
  checkEveryMs,
}: RequestTimeouts = TIMEOUTS): FastifyAdapter {
  const adapter = new FastifyAdapter({
    forceCloseConnections: 'idle',
    requestTimeout: sendWithinMs,
    // Node takes the longer of the two limits for the body: both have to be given.
    http: { headersTimeout: sendWithinMs, connectionsCheckingInterval: checkEveryMs },
    clientErrorHandler: refuseUnreadable,
    genReqId: newRequestId,
    // An undecodable path, or a path with an overlong segment, is answered as not found.
    frameworkErrors: (_error: FastifyError, { id }: FastifyRequest, reply: FastifyReply) => {
      void reply.code(404).header(REQUEST_ID_HEADER, id).send(failure('Not found'));
    },
  });
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

function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const [status, message] = UNREADABLE[error.code ?? ''] ?? [400, 'Bad request'];
  const body = JSON.stringify(failure(message));
  const head = `HTTP/1.1 ${status} ${message}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\n${REQUEST_ID_HEADER}: ${newRequestId()}\r\nconnection: close`;
  if (socket.writable && error.code !== 'ECONNRESET') socket.write(`${head}\r\n\r\n${body}`);
  socket.destroy(error);
}

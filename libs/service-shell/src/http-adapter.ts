import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { failure } from '@sluice/http-api';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { newRequestId, REQUEST_ID_HEADER } from './request-ids.js';

/** How long a client may take to send one request, body included, and how often the server checks for those that take longer. */
interface RequestTimeouts {
  readonly sendWithinMs: number;
  readonly checkEveryMs: number;
}

const TIMEOUTS: RequestTimeouts = { sendWithinMs: 15_000, checkEveryMs: 3_000 };

const KEEP_ALIVE_MS = 72_000;

/** What the client gets for a request that the HTTP parser refused, by the parser's error code. */
const UNREADABLE: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request header fields too large'],
};

/** A server with the same time-outs as `httpAdapter`, and the same answers to what cannot be parsed; with a certificate it speaks TLS alone. */
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

/** The HTTP server of every service: what fails before a route is found is answered in the same envelope as everything else. */
export function httpAdapter({
  sendWithinMs,
  checkEveryMs,
}: RequestTimeouts = TIMEOUTS): FastifyAdapter {
  return new FastifyAdapter({
    forceCloseConnections: 'idle',
    requestTimeout: sendWithinMs,
    // Node takes the longer of the two limits for the body: both have to be given.
    http: { headersTimeout: sendWithinMs, connectionsCheckingInterval: checkEveryMs },
    clientErrorHandler: refuseUnreadable,
    genReqId: newRequestId,
    // A path that cannot be decoded, or with a longer part than any of ours, names nothing.
    frameworkErrors: (_error: FastifyError, { id }: FastifyRequest, reply: FastifyReply) => {
      void reply.code(404).header(REQUEST_ID_HEADER, id).send(failure('Not found'));
    },
  });
}

function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const [status, message] = UNREADABLE[error.code ?? ''] ?? [400, 'Bad request'];
  const body = JSON.stringify(failure(message));
  const head = `HTTP/1.1 ${status} ${message}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\n${REQUEST_ID_HEADER}: ${newRequestId()}\r\nconnection: close`;
  if (socket.writable && error.code !== 'ECONNRESET') socket.write(`${head}\r\n\r\n${body}`);
  socket.destroy(error);
}

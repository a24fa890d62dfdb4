import type { FastifyInstance, FastifyRequest } from 'fastify';
import { on } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { failure } from './envelope.js';

const LIMIT_BYTES = 65_536;

/** Limits for reading and discarding a rejected body. */
const DISCARD = { bytes: 8_388_608, ms: 2_000 };

/**
 * Body as received. Signatures cover the original bytes, and amounts must not pass through a binary
 * float.
 */
export class RawBody {
  constructor(
    readonly bytes: Buffer,
    readonly contentType: string | undefined,
  ) {}
}

/**
 * Keeps every body as the received bytes, for `ExactPipe` (maximum 64 KiB). An encoded body is
 * refused before any signature is verified: a client signs the text and not the encoded bytes.
 */
export function acceptRawBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: LIMIT_BYTES },
    (request, bytes: Buffer, done) =>
      done(null, new RawBody(bytes, request.headers['content-type'])),
  );
  fastify.addHook('preValidation', async (request, reply) => {
    if (!request.is404 && isEncoded(request))
      return reply.code(415).send(failure('Content-Encoding must be identity, or absent'));
  });
  fastify.addHook('onSend', async ({ raw }, { statusCode }) => {
    if (statusCode === 413) await discardRest(raw);
  });
}

function isEncoded(request: FastifyRequest): boolean {
  const encodings = request.headers['content-encoding'] ?? '';
  return rawBodyOf(request).length > 0 && !/^(\s|,|identity)*$/i.test(encodings);
}

/**
 * Reads and discards the remaining body. Closing the connection during the client's write resets
 * the connection, and the client never receives the error response.
 */
async function discardRest(body: IncomingMessage): Promise<void> {
  if (body.readableEnded || body.destroyed) return;
  const signal = AbortSignal.timeout(DISCARD.ms);
  let bytes = 0;
  try {
    for await (const [chunk] of on(body.resume(), 'data', { close: ['end', 'close'], signal }))
      if ((bytes += (chunk as Buffer).length) > DISCARD.bytes) return;
  } catch {
    // The client is slow or disconnected: the response is sent anyway.
  }
}

/**
 * Returns the bytes of a request's body. Returns no bytes if the request has no body, or a method
 * without body (GET, HEAD).
 */
export function rawBodyOf({ body }: Pick<FastifyRequest, 'body'>): Buffer {
  return body instanceof RawBody ? body.bytes : Buffer.alloc(0);
}

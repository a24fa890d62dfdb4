import { on } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const LIMIT_BYTES = 65_536;
/** Of a body that is refused, this much is still taken off the wire. */
const DISCARD = { bytes: 8_388_608, ms: 2_000 };

/** A body as it came: signatures are over these bytes, and amounts must not pass through a binary float. */
export class RawBody {
  constructor(
    readonly bytes: Buffer,
    readonly contentType: string | undefined,
  ) {}
}

/** Keeps every body as the bytes that were sent; `ExactPipe` reads them. */
export function acceptRawBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: LIMIT_BYTES },
    (request, bytes: Buffer, done) =>
      done(null, new RawBody(bytes, request.headers['content-type'])),
  );
  fastify.addHook('onSend', async ({ raw }, { statusCode }) => {
    if (statusCode === 413) await discardRest(raw);
  });
}

/** A connection that is closed while the client still writes is reset, and the client never reads why. */
async function discardRest(body: IncomingMessage): Promise<void> {
  if (body.readableEnded || body.destroyed) return;
  const signal = AbortSignal.timeout(DISCARD.ms);
  let bytes = 0;
  try {
    for await (const [chunk] of on(body.resume(), 'data', { close: ['end', 'close'], signal }))
      if ((bytes += (chunk as Buffer).length) > DISCARD.bytes) return;
  } catch {
    // Too slow, or gone: it is answered all the same.
  }
}

/** The bytes of a request's body; none when it has no body, or is of a kind whose body is not read (GET, HEAD). */
export function rawBodyOf({ body }: Pick<FastifyRequest, 'body'>): Buffer {
  return body instanceof RawBody ? body.bytes : Buffer.alloc(0);
}

import type { FastifyInstance, FastifyRequest } from 'fastify';

const LIMIT_BYTES = 65_536;

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
}

/** The bytes of a request's body; none when it has no body, or is of a kind whose body is not read (GET, HEAD). */
export function rawBodyOf({ body }: Pick<FastifyRequest, 'body'>): Buffer {
  return body instanceof RawBody ? body.bytes : Buffer.alloc(0);
}

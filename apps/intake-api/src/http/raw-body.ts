import type { FastifyInstance, FastifyRequest } from 'fastify';

const BODY_LIMIT_BYTES = 65_536;

/** Bodies stay the bytes that were sent: signatures are over those, and amounts must not pass through a binary float. */
export function acceptRawBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
    (_request, body, done) => done(null, body),
  );
}

/** The bytes of a request's body; none when it has no body, or is of a kind whose body is not read (GET, HEAD). */
export function rawBodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

import type { FastifyInstance } from 'fastify';

export const BODY_LIMIT_BYTES = 65_536;

/** Bodies stay the bytes that were sent: signatures are over those, and amounts must not pass through a binary float. */
export function acceptRawBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES }, (_request, body, done) => done(null, body));
}

import type { FastifyInstance } from 'fastify';

/** A webhook's signature is over its bytes, so those are kept; the controllers get JSON. */
export function acceptBodies(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    (request, body: Buffer, done) => {
      if (request.url.startsWith('/webhooks/')) return done(null, body);
      try {
        done(null, body.length === 0 ? undefined : JSON.parse(body.toString('utf8')));
      } catch (error) {
        done(Object.assign(error as Error, { statusCode: 400 }));
      }
    },
  );
}

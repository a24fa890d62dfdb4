import type { FastifyInstance } from 'fastify';

/** 100 requests with the longest fields, and a permit. */
const BATCH_BYTES = 262_144;

/** A batch is larger than any other body. To be called before the routes are made. */
export function acceptBatchBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url === '/internal/signatures/batch') route.bodyLimit = BATCH_BYTES;
  });
}

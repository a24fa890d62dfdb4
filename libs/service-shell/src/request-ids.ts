import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** The header of every answer that names its request: logs, traces and audit entries have the same id. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** A new id for each request. The service takes none from a client, so that no client can name the request of another one. */
export function newRequestId(): string {
  return randomUUID();
}

/** Sets the header before anything can refuse the request. */
export function answerWithRequestId(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header(REQUEST_ID_HEADER, request.id);
    done();
  });
}

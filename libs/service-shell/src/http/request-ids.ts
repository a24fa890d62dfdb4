import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/** Response header with the request id. Logs, traces and audit entries have the same id. */
export const REQUEST_ID_HEADER = 'x-request-id';

/**
 * Creates a request id. Ids from clients are ignored: a client must not be able to name another
 * client's request.
 */
export function newRequestId(): string {
  return randomUUID();
}

/** Sets the header before any hook can reject the request. */
export function answerWithRequestId(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header(REQUEST_ID_HEADER, request.id);
    done();
  });
}

import { constantTimeEqual } from '@sluice/signing';
import { collectDefaultMetrics, register } from 'prom-client';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Secret } from '@sluice/config';
import { registerKafkaAdminApi } from './kafka-admin-api.js';
import type { RunningPlatform } from './platform.js';

export interface AdminApiOptions {
  token: Secret;
  /** When set, /internal and /metrics answer on this port alone and the public paths do not; /readyz gives its reasons there alone. */
  internalPort?: number;
}

/** Registers the admin API: health, metrics, dead letters, and the bearer token that everything under /internal asks for. */
export function registerAdminApi(
  fastify: FastifyInstance,
  platform: RunningPlatform,
  options: AdminApiOptions,
): void {
  const { internalPort } = options;
  fastify.addHook('onRequest', async (request, reply) => authorize(request, reply, options));
  fastify.get('/healthz', () => ({ status: 'alive' }));
  fastify.get('/readyz', async (request, reply) => {
    const faults = await platform.health.faults();
    const isPublic = internalPort !== undefined && request.socket.localPort !== internalPort;
    // A fault may quote the database's error, with its host and login: not for the public.
    return reply
      .code(faults.length === 0 ? 200 : 503)
      .send({ status: faults.length === 0 ? 'ready' : 'not ready', ...(!isPublic && { faults }) });
  });
  collectDefaultMetrics();
  fastify.get('/metrics', async (_request, reply) =>
    reply.type(register.contentType).send(await register.metrics()),
  );
  registerKafkaAdminApi(fastify, platform.server, platform.skipped);
  fastify.get('/internal/dead-letters', async () => envelope(await platform.deadLetters.list()));
  fastify.post<{ Params: { id: string } }>(
    '/internal/dead-letters/:id/replay',
    async (request, reply) => {
      const { id } = request.params;
      const found =
        /^\d{1,18}$/.test(id) && (await platform.deadLetters.replay(id, platform.unitOfWork));
      return found
        ? envelope({ id, replayed: true })
        : reply.code(404).send({ success: false, message: 'No dead letter waits under this id' });
    },
  );
}

function envelope(data: unknown) {
  return { success: true, message: 'OK', data };
}

async function authorize(
  request: FastifyRequest,
  reply: FastifyReply,
  { token, internalPort }: AdminApiOptions,
): Promise<void> {
  // The route, not the request's path: a router also finds /internal under /%69nternal and http://any.example/internal.
  const path = request.routeOptions.url ?? request.url;
  const isInternal = path.startsWith('/internal/') || path === '/metrics';
  const isHealth = path === '/healthz' || path === '/readyz';
  const atInternalPort =
    internalPort === undefined ? isInternal : request.socket.localPort === internalPort;
  if (!isHealth && isInternal !== atInternalPort)
    return reply.code(404).send({ success: false, message: 'Not found' });
  if (!path.startsWith('/internal/')) return;
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!constantTimeEqual(given, token.reveal()))
    return reply.code(401).send({ success: false, message: 'Operator token is missing or wrong' });
}

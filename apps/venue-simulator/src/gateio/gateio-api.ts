import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FaultBook } from '../sim/faults.js';
import { exhausted, type RateLimiter, type RateVerdict } from '../sim/rate-limiter.js';
import { bodyAt, deliver, serveUnderFault, type SimulatedAnswer } from '../sim/serve.js';
import type { SimulatedClock } from '../sim/venue-clock.js';
import { authenticate, type SignedGateioRequest } from './gateio-auth.js';
import { GATEIO_ENDPOINTS, type GateioEndpoint } from './gateio-endpoints.js';
import { errorAnswer, faultAnswers, SERVER_ERROR, TOO_MANY_REQUESTS } from './gateio-errors.js';
import { ACCOUNT_UID } from './gateio-keys.js';
import type { GateioState } from './gateio-state.js';

interface GateioApi {
  readonly state: GateioState;
  readonly faults: FaultBook;
  readonly limiter: RateLimiter;
}

const NO_BODY = Buffer.alloc(0);

/**
 * Mounts plain Fastify routes, because signatures need the raw bytes and a benchmark uses the
 * routes.
 */
export function mountGateio(app: FastifyInstance, api: GateioApi): void {
  for (const [name, endpoint] of Object.entries(GATEIO_ENDPOINTS)) {
    const [method = '', path = ''] = name.split(' ');
    app.route({
      method,
      url: path.replace(/\{\w+\}/, ':id'),
      handler: (request, reply) => serve(api, name, endpoint, request, reply),
    });
  }
  app.setNotFoundHandler((_request, reply) =>
    send(reply, errorAnswer({ label: 'NOT_FOUND', message: 'Not found' }), api.state.clock),
  );
  app.setErrorHandler((error, _request, reply) => {
    const code = (error as { statusCode?: number }).statusCode ?? 500;
    const answer =
      code < 500
        ? errorAnswer({ label: 'INVALID_REQUEST_BODY', message: 'Invalid request body' })
        : SERVER_ERROR;
    if (code >= 500) process.stderr.write(`${(error as Error).stack}\n`);
    send(reply, answer, api.state.clock);
  });
}

/**
 * Serves a request: checks signature and permission, followed by the rate limit, the due fault, and
 * the venue's own rules.
 */
function serve(
  api: GateioApi,
  name: string,
  endpoint: GateioEndpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { clock } = api.state;
  const now = clock.now();
  const wire = readWire(request);
  const signed =
    endpoint.access === 'public'
      ? null
      : authenticate(
          api.state.keys,
          wire,
          endpoint.access === 'any' ? null : endpoint.access,
          clock.ofRequests(),
        );
  if (signed?.ok === false) return send(reply, errorAnswer(signed.refusal), clock, now);

  const { rate_limits: limits, hang_ms, slow_listing_ms } = api.state.settings();
  const limit = limits[limitOf(name, endpoint)];
  const client = `${name} ${endpoint.access === 'public' ? request.ip : ACCOUNT_UID}`;
  if (limits.enabled) {
    const verdict = api.limiter.take(client, limit, now);
    reply.headers(rateHeaders(verdict));
    if (!verdict.allowed) return send(reply, TOO_MANY_REQUESTS, clock, now);
  }

  const call = {
    query: new URLSearchParams(wire.query),
    body: wire.body,
    id: idOf(request),
    contentType: request.headers['content-type'],
    key: signed?.value ?? null,
  };
  const handle = (goesBack: boolean): SimulatedAnswer =>
    endpoint.handle(api.state, { ...call, now: clock.now(), goesBack });
  const fault = api.faults.due(name);
  if (!fault) return send(reply, handle(false), clock, now);

  const exceeded = rateHeaders(exhausted(api.limiter.look(client, limit, now)));
  serveUnderFault(fault, api.faults, handle, faultAnswers(exceeded), {
    hang_ms,
    slow_listing_ms,
  }).then(
    (delivery) => deliver(request, reply, delivery, (answer) => send(reply, answer, clock, now)),
    (error: unknown) => void reply.send(error),
  );
}

function readWire(request: FastifyRequest): SignedGateioRequest & { readonly body: Uint8Array } {
  const target = request.raw.url ?? '';
  const mark = target.indexOf('?');
  const { key, timestamp, sign } = request.headers;
  return {
    method: request.method,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    body: request.method === 'POST' && request.body instanceof Uint8Array ? request.body : NO_BODY, // a body of GET or DELETE is never read
    headers: { key, timestamp, sign },
  };
}

function send(
  reply: FastifyReply,
  { status, body, contentType = 'application/json', headers: own = {} }: SimulatedAnswer,
  clock: SimulatedClock,
  inTime = clock.now(),
): void {
  const headers = {
    ...own,
    'content-type': contentType,
    'x-in-time': inTime * 1000,
    'x-out-time': clock.now() * 1000,
    'x-gate-trace-id': randomUUID().replaceAll('-', ''),
  };
  reply.code(status).headers(headers).send(bodyAt(body, clock.now()));
}

function limitOf(name: string, { access }: GateioEndpoint): 'withdrawals' | 'public' | 'private' {
  if (name === 'POST /withdrawals') return 'withdrawals';
  return access === 'public' ? 'public' : 'private';
}

function rateHeaders({ limit, remain, resetAt }: RateVerdict): Record<string, string> {
  return {
    'x-gate-ratelimit-limit': `${limit}`,
    'x-gate-ratelimit-requests-remain': `${remain}`,
    'x-gate-ratelimit-reset-timestamp': `${Math.ceil(resetAt / 1000)}`,
  };
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id?: string }).id ?? '';
}

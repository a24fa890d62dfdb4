import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FaultBook } from '../sim/faults.js';
import { bodyAt, deliver, serveUnderFault, type SimulatedAnswer } from '../sim/serve.js';
import type { SimulatedClock } from '../sim/venue-clock.js';
import { authenticate } from './bitmart-auth.js';
import { BITMART_ENDPOINTS, unexpectedCode, type BitmartEndpoint } from './bitmart-endpoints.js';
import { errorAnswer, faultAnswers } from './bitmart-errors.js';
import { rateHeaders, type Gatekeeper, type LimitedClient } from './bitmart-gatekeeper.js';
import type { BitmartState } from './bitmart-state.js';

interface BitmartApi {
  readonly state: BitmartState;
  readonly faults: FaultBook;
  readonly gatekeeper: Gatekeeper;
}

const NO_BODY = Buffer.alloc(0);

/** Plain Fastify routes: the signature needs the raw bytes. */
export function mountBitmart(app: FastifyInstance, api: BitmartApi): void {
  for (const [name, endpoint] of Object.entries(BITMART_ENDPOINTS)) {
    const [method = '', url = ''] = name.split(' ');
    app.route({
      method,
      url,
      exposeHeadRoute: false,
      handler: (request, reply) => serve(api, name, endpoint, request, reply),
    });
  }
  // A route instead of a not-found handler: the venue uses the root path, and the root handler
  // belongs to the application.
  app.all('/*', (request, reply) =>
    send(reply, errorAnswer({ code: unexpectedCode(pathOf(request)) }), api.state.clock),
  );
  app.setErrorHandler((error, _request, reply) => {
    const code = (error as { statusCode?: number }).statusCode ?? 500;
    if (code >= 500) process.stderr.write(`${(error as Error).stack}\n`);
    send(reply, errorAnswer({ code: code < 500 ? 60000 : 60051 }), api.state.clock);
  });
}

/**
 * Serves a request: checks key, signature and permission, followed by the rate limit, the due
 * fault, and the venue's own rules.
 */
function serve(
  api: BitmartApi,
  name: string,
  endpoint: BitmartEndpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { clock } = api.state;
  const now = clock.now();
  const answerWith = (answer: SimulatedAnswer): void => send(reply, answer, clock);
  const body =
    request.method === 'POST' && request.body instanceof Uint8Array ? request.body : NO_BODY;
  const client = clientOf(api.state, endpoint, request, body);
  if ('status' in client) return answerWith(client);

  const { rate_limits: limits, ban, hang_ms, slow_listing_ms } = api.state.settings();
  const limit = limits[endpoint.limit];
  if (limits.enabled) {
    const { verdict, headers } = api.gatekeeper.admit(name, client, limit, ban, now);
    reply.headers(headers);
    if (verdict !== 'admitted')
      return answerWith(errorAnswer({ code: verdict === 'banned' ? 30017 : 30013 }));
  }

  const query = new URLSearchParams((request.raw.url ?? '').split('?').slice(1).join('?'));
  const handle = (goesBack: boolean): SimulatedAnswer =>
    endpoint.handle(api.state, { query, body, now: clock.now(), goesBack });
  const fault = api.faults.due(name);
  if (!fault) return answerWith(handle(false));

  const exceeded = rateHeaders(limit, limit.requests, client.mode);
  serveUnderFault(fault, api.faults, handle, faultAnswers(exceeded), {
    hang_ms,
    slow_listing_ms,
  }).then(
    (delivery) => deliver(request, reply, delivery, answerWith),
    (error: unknown) => void reply.send(error),
  );
}

/** Returns the client for rate limits, or the refusal. */
function clientOf(
  { keys, clock }: BitmartState,
  endpoint: BitmartEndpoint,
  request: FastifyRequest,
  body: Uint8Array,
): LimitedClient | SimulatedAnswer {
  if (!endpoint.access) return { id: request.ip, mode: 'IP' };
  if (
    request.method === 'POST' &&
    !/^application\/json\b/i.test(request.headers['content-type'] ?? '')
  )
    return errorAnswer({ code: 60031 });
  const { 'x-bm-key': key, 'x-bm-timestamp': timestamp, 'x-bm-sign': sign } = request.headers;
  const admitted = authenticate(
    keys,
    { key, timestamp, sign },
    body,
    endpoint.access,
    clock.ofRequests(),
  );
  if (!admitted.ok) return errorAnswer(admitted.refusal);
  const mode = endpoint.access.level === 'signed' ? 'UID' : 'KEY';
  return { id: admitted.value.api_key, mode };
}

function pathOf(request: FastifyRequest): string {
  return (request.raw.url ?? '').split('?', 1)[0] ?? '';
}

function send(
  reply: FastifyReply,
  { status, body, contentType = 'application/json', headers = {} }: SimulatedAnswer,
  clock: SimulatedClock,
): void {
  reply
    .code(status)
    .headers(headers)
    .header('content-type', contentType)
    .send(bodyAt(body, clock.now()));
}

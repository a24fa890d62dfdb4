import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FaultBook } from '../sim/faults.js';
import { deliver, serveUnderFault, type Answer } from '../sim/serve.js';
import { authenticate } from './bitmart-auth.js';
import { BITMART_ENDPOINTS, unexpectedCode, type Endpoint } from './bitmart-endpoints.js';
import { errorAnswer, FAULT_ANSWERS } from './bitmart-errors.js';
import type { Gatekeeper } from './bitmart-gatekeeper.js';
import type { BitmartState } from './bitmart-state.js';

export interface BitmartApi {
  readonly state: BitmartState;
  readonly faults: FaultBook;
  readonly gatekeeper: Gatekeeper;
  readonly clock: () => number;
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
  // A route, not a not-found handler: the venue lives at the root, which belongs to the application.
  app.all('/*', (request, reply) =>
    send(reply, errorAnswer({ code: unexpectedCode(pathOf(request)) })),
  );
  app.setErrorHandler((error, _request, reply) => {
    const code = (error as { statusCode?: number }).statusCode ?? 500;
    if (code >= 500) process.stderr.write(`${(error as Error).stack}\n`);
    send(reply, code < 500 ? errorAnswer({ code: 60000 }) : FAULT_ANSWERS.serverError);
  });
}

/** Key, signature and permission, then the rate limit, then the fault whose turn it is, then the venue's own rules. */
function serve(
  api: BitmartApi,
  name: string,
  endpoint: Endpoint,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const now = api.clock();
  const body =
    request.method === 'POST' && request.body instanceof Uint8Array ? request.body : NO_BODY;
  const client = clientOf(endpoint, request, body, now);
  if (typeof client !== 'string') return send(reply, client);

  const { rate_limits: limits, ban, hang_ms, slow_listing_ms } = api.state.settings();
  if (limits.enabled) {
    const { verdict, headers } = api.gatekeeper.admit(
      name,
      client,
      limits[endpoint.limit],
      ban,
      now,
    );
    reply.headers(headers);
    if (verdict !== 'admitted')
      return send(reply, errorAnswer({ code: verdict === 'banned' ? 30017 : 30013 }));
  }

  const query = new URLSearchParams((request.raw.url ?? '').split('?').slice(1).join('?'));
  const handle = (goesBack: boolean): Answer =>
    endpoint.handle(api.state, { query, body, now: api.clock(), goesBack });
  const fault = api.faults.due(name);
  if (!fault) return send(reply, handle(false));

  serveUnderFault(fault, api.faults, handle, FAULT_ANSWERS, { hang_ms, slow_listing_ms }).then(
    (delivery) => deliver(request, reply, delivery, (answer) => send(reply, answer)),
    (error: unknown) => void reply.send(error),
  );
}

/** Who asks, as far as limits are concerned, or why not. */
function clientOf(
  endpoint: Endpoint,
  request: FastifyRequest,
  body: Uint8Array,
  now: number,
): string | Answer {
  if (!endpoint.access) return request.ip;
  if (
    request.method === 'POST' &&
    !/^application\/json\b/i.test(request.headers['content-type'] ?? '')
  )
    return errorAnswer({ code: 60031 });
  const { 'x-bm-key': key, 'x-bm-timestamp': timestamp, 'x-bm-sign': sign } = request.headers;
  const admitted = authenticate({ key, timestamp, sign }, body, endpoint.access, now);
  return admitted.ok ? admitted.value.api_key : errorAnswer(admitted.refusal);
}

function pathOf(request: FastifyRequest): string {
  return (request.raw.url ?? '').split('?', 1)[0] ?? '';
}

function send(
  reply: FastifyReply,
  { status, body, contentType = 'application/json' }: Answer,
): void {
  reply.code(status).header('content-type', contentType).send(body);
}

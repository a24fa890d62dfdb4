import type { AdminRequest } from '@sluice/http-api';
import { monotonicMs } from '@sluice/runtime';
import { RequestTrace } from '@sluice/runtime/tracing';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Frequently polled routes without useful traces. */
const UNTRACED = new Set(['/healthz', '/readyz', '/metrics']);

/** Assigns the work for a request to the request's trace; the trace ends with the response. */
export function traceRequests(fastify: FastifyInstance): void {
  const traces = new WeakMap<FastifyRequest, RequestTrace>();
  // Runs after the body is read: work waiting for body bytes would run outside of the trace.
  fastify.addHook('preHandler', (request, _reply, done) => {
    if (UNTRACED.has(routeOf(request))) return done();
    const trace = new RequestTrace();
    traces.set(request, trace);
    aboutWithdrawal(trace, request.params);
    trace.run(done);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const trace = traces.get(request);
    if (trace) end(trace, request, reply);
    done();
  });
}

function end(trace: RequestTrace, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode: status, elapsedTime } = reply;
  const { method, raw } = request;
  const route = routeOf(request);
  trace.end({
    name: `${method} ${route}`,
    attributes: {
      'http.request.id': request.id,
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
    },
    sinceMs: monotonicMs() - elapsedTime,
    fault: status >= 500 ? `answered with ${status}` : null,
    claimed: raw.headers['traceparent'],
    isService: (request as AdminRequest).caller?.kind === 'service',
  });
}

function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'none';
}

/** Links the trace to the withdrawal named by id in an operator's request. */
function aboutWithdrawal(trace: RequestTrace, params: unknown): void {
  const { withdrawalId } = (params ?? {}) as { withdrawalId?: unknown };
  if (typeof withdrawalId === 'string') trace.isAbout(withdrawalId, 'later');
}

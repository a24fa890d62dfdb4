import type { FastifyInstance } from 'fastify';
import { Histogram } from 'prom-client';

/** Histogram buckets (s), from a cached read to the longest wait of a client. */
export const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const durations = new Histogram({
  name: 'sluice_http_request_duration_seconds',
  help: 'From the first byte of a request to the last of its answer',
  labelNames: ['method', 'route', 'status'],
  buckets: SECONDS,
});

/**
 * Measures requests by route, not by path: ids must not become labels. Requests without a route
 * share a single label.
 */
export function measureRequests(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    durations.observe(labels, reply.elapsedTime / 1_000);
    done();
  });
}

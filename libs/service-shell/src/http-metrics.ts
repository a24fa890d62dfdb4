import type { FastifyInstance } from 'fastify';
import { Histogram } from 'prom-client';

/** From what a cached read takes to the longest that a client waits. */
export const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const durations = new Histogram({
  name: 'sluice_http_request_duration_seconds',
  help: 'From the first byte of a request to the last of its answer',
  labelNames: ['method', 'route', 'status'],
  buckets: SECONDS,
});

/** By route and not by path: ids are no labels, and what no route takes is one line. */
export function measureRequests(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    durations.observe(labels, reply.elapsedTime / 1_000);
    done();
  });
}

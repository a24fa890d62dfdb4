import { register } from 'prom-client';
import { httpAdapter } from '../http/http-adapter.js';
import { measureRequests } from './kafka-gauges.js';

describe('measureRequests', () => {
  const fastify = httpAdapter().getInstance();
  beforeAll(async () => {
    measureRequests(fastify);
    fastify.get('/things/:id', () => 'a thing');
    await fastify.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => fastify.close());

  it('counts by route and status, and never by the ids of a path', async () => {
    for (const url of ['/things/1', '/things/2', '/nothing/3'])
      await fastify.inject({ method: 'GET', url });

    const text = await register.getSingleMetricAsString('sluice_http_request_duration_seconds');

    expect(text).toContain('_count{method="GET",route="/things/:id",status="200"} 2');
    expect(text).toContain('_count{method="GET",route="none",status="404"} 1');
    expect(text).not.toContain('things/1');
  });
});

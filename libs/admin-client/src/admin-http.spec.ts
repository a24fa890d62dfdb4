import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AdminError } from './admin-error.js';
import { AdminHttp, path } from './admin-http.js';
import { ServiceAdmin } from './service-admin.js';

/** What the next request is answered with, and what it was. */
let next: readonly [status: number, body: string];
let asked: string;
let server: Server;
let http: AdminHttp;

describe('the admin client', () => {
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked = `${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`;
      request.resume().on('end', () => response.writeHead(next[0]).end(next[1]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    http = new AdminHttp({ service: 'ledger', baseUrl: baseUrl(), token: () => 'hush' });
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const baseUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const failureOf = (call: Promise<unknown>) =>
    call.then(
      () => null,
      (error: unknown) => (error instanceof AdminError ? error.failure : error),
    );

  it('sends the token, escapes parts of a path, and omits absent parts of a query', async () => {
    next = [200, '{"success":true,"message":"OK","data":[1],"data_count":1}'];

    expect(
      await http.list(path`/internal/keys/${'a/b?c'}`, { state: 'on', limit: undefined }),
    ).toEqual([1]);

    expect(asked).toBe('GET /internal/keys/a%2Fb%3Fc?state=on Bearer hush');
  });

  it('distinguishes a refusal from a failure, each with the message of the service', async () => {
    next = [409, '{"success":false,"message":"The account is frozen"}'];
    expect(await failureOf(http.post('/internal/x', {}))).toEqual({
      kind: 'refused',
      status: 409,
      message: 'The account is frozen',
    });
    next = [503, '<html>'];
    expect(await failureOf(http.get('/internal/x'))).toEqual({
      kind: 'broken',
      status: 503,
      message: 'HTTP 503',
    });
  });

  it('takes a success that cannot be read for a failure', async () => {
    next = [200, 'ok'];
    expect(await failureOf(http.get('/internal/x'))).toMatchObject({ kind: 'broken', status: 200 });
    next = [200, '{"success":true,"message":"OK","data":{"rows":[]}}'];
    expect(await failureOf(http.list('/internal/x'))).toMatchObject({
      kind: 'broken',
      status: 200,
    });
  });

  it('reports each fault of an unready service, if the port returns the faults', async () => {
    const service = new ServiceAdmin({
      service: 'ledger',
      baseUrl: baseUrl(),
      token: () => 'hush',
    });
    const error = { kafka: { status: 'down', faults: ['not a member of its consumer group yet'] } };
    next = [503, JSON.stringify({ status: 'error', info: {}, error, details: error })];
    expect(await service.readiness()).toEqual({ ready: false, faults: error.kafka.faults });
    next = [503, '{"status":"error"}'];
    expect(await service.readiness()).toEqual({ ready: false, faults: [] });
    next = [200, '{"status":"ok","info":{},"error":{},"details":{}}'];
    expect(await service.readiness()).toEqual({ ready: true, faults: [] });
  });

  it('reports a missing response', async () => {
    const nobody = new AdminHttp({
      service: 'ledger',
      baseUrl: 'http://127.0.0.1:1',
      token: () => '',
    });
    expect(await failureOf(nobody.get('/internal/x'))).toMatchObject({ kind: 'unreachable' });
  });
});

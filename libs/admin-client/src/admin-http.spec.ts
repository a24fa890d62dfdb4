import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AdminError } from './admin-error.js';
import { AdminHttp } from './admin-http.js';
import { LedgerAdmin, ServiceAdmin } from './clients.js';

/** What the next request is answered with, and what it was. */
let next: readonly [status: number, body: string];
let asked: string;
let sent: string;
let server: Server;
let http: AdminHttp;

describe('the admin client', () => {
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked = `${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`;
      sent = '';
      request
        .on('data', (bytes: Buffer) => (sent += bytes.toString()))
        .on('end', () => response.writeHead(next[0]).end(next[1]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    http = new AdminHttp({ service: 'ledger', baseUrl: baseUrl(), token: () => 'hush' });
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const baseUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ledger = () =>
    new LedgerAdmin({ service: 'ledger', baseUrl: baseUrl(), token: () => 'hush' });
  const failureOf = (call: Promise<unknown>) =>
    call.then(
      () => null,
      (error: unknown) => (error instanceof AdminError ? error.failure : error),
    );

  it('sends the token, escapes parts of a path, and omits absent parts of a query', async () => {
    next = [200, '{"success":true,"message":"OK","data":[1],"data_count":1}'];

    expect(
      await http.call('GET /internal/keys/:key_id?', ['a/b?c', { state: 'on', limit: undefined }]),
    ).toEqual([1]);

    expect(asked).toBe('GET /internal/keys/a%2Fb%3Fc?state=on Bearer hush');
  });

  it('sends the query and then the body of a route with both', async () => {
    next = [200, '{"success":true,"message":"OK","data":{}}'];

    await http.call('PATCH /internal/x/:id?', [7, { account: 'a' }, { url: 'u' }]);

    expect(asked).toBe('PATCH /internal/x/7?account=a Bearer hush');
    expect(sent).toBe('{"url":"u"}');
  });

  it('answers a page of a list whole, and of another list the rows', async () => {
    next = [200, '{"success":true,"message":"OK","data":[],"data_count":0,"next_cursor":"c"}'];

    expect(await ledger().holds({ state: 'placed' })).toMatchObject({ next_cursor: 'c' });
    expect(await ledger().freezes()).toEqual([]);
  });

  it('has a method for each route, with the name of the handler', async () => {
    next = [200, '{"success":true,"message":"OK","data":{"proven":true}}'];

    expect(await ledger().prove({})).toEqual({ proven: true });

    expect(asked).toBe('POST /internal/proof Bearer hush');
  });

  it('puts named parts of a path at their places, in any order', async () => {
    next = [200, '{"success":true,"message":"OK","data":{}}'];

    await ledger().confirmAddress({ entry_id: 'e', account_id: 'a/b' }, { key_id: 'k' });

    expect(asked).toBe('POST /internal/accounts/a%2Fb/addresses/e/confirm Bearer hush');
    expect(sent).toBe('{"key_id":"k"}');
  });

  it('distinguishes a refusal from a failure, each with the message of the service', async () => {
    next = [409, '{"success":false,"message":"The account is frozen"}'];
    expect(await failureOf(http.call('POST /internal/x', [{}]))).toEqual({
      kind: 'refused',
      status: 409,
      message: 'The account is frozen',
    });
    next = [503, '<html>'];
    expect(await failureOf(http.call('GET /internal/x'))).toEqual({
      kind: 'broken',
      status: 503,
      message: 'HTTP 503',
    });
  });

  it('takes a success that cannot be read for a failure', async () => {
    next = [200, 'ok'];
    expect(await failureOf(http.call('GET /internal/x'))).toMatchObject({
      kind: 'broken',
      status: 200,
    });
    next = [200, '{"success":true,"message":"OK","data":{"rows":[]}}'];
    expect(await failureOf(ledger().freezes())).toMatchObject({
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
    expect(await failureOf(nobody.call('GET /internal/x'))).toMatchObject({ kind: 'unreachable' });
  });
});

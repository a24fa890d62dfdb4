import { gunzipSync } from 'node:zlib';
import { connect } from 'node:net';
import { eventually } from '@sluice/test-kit';
import { LocalIssuer } from '@sluice/test-servers';
import type { Browser } from './testkit/browser.js';
import { givenConsole, type TestConsole } from './testkit/given-console.js';
import { smallService } from './testkit/small-service.js';

let console: TestConsole;
let browser: Browser;
beforeAll(async () => {
  console = await givenConsole();
  browser = await console.as('olivia');
});
afterAll(() => console.close());
beforeEach(() => console.ledger.answerWith());

const LEDGER = '/api/services/ledger/';

describe('a call of a service', () => {
  it('has the person’s token, the bytes of the body, the browser’s address, and four headers of the page', async () => {
    const body = Buffer.from('{ "amount": "1.0" }\u0000\u00ff', 'latin1');

    const { status, text } = await browser.call(`${LEDGER}accounts/a%20b?x=1&y=%2F`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'sluice-passkey': 'proof',
        'last-event-id': '7',
        authorization: 'Bearer of the attacker',
        'x-forwarded-for': '1.2.3.4',
        'sluice-browser': '1.2.3.4',
        'x-http-method-override': 'DELETE',
      },
    });

    expect([status, text]).toEqual([200, '{"success":true,"message":"OK","data":[]}']);
    const [seen] = console.ledger.seen;
    expect(seen).toMatchObject({ method: 'POST', url: '/internal/accounts/a%20b?x=1&y=%2F', body });
    const {
      authorization = '',
      host: _host,
      connection: _connection,
      ...headers
    } = seen?.headers ?? {};
    expect(headers).toEqual({
      'content-type': 'application/json',
      accept: 'application/json',
      'sluice-passkey': 'proof',
      'last-event-id': '7',
      'content-length': String(body.length),
      'sluice-browser': '127.0.0.1',
    });
    const claims = JSON.parse(
      Buffer.from(authorization.split('.')[1] ?? '', 'base64url').toString(),
    ) as object;
    expect(claims).toMatchObject({ sub: 'olivia', aud: 'sluice', client_id: 'sluice-console' });
  });

  it('is answered with status, type, retry-after and body, and no other header of the service', async () => {
    console.ledger.answerWith((_call, response) => {
      response.writeHead(503, {
        'content-type': 'application/json',
        'retry-after': '7',
        'set-cookie': `__Host-sluice-console=${'x'.repeat(43)}`,
        'content-security-policy': 'none',
        location: 'https://evil.example',
        'access-control-allow-origin': '*',
      });
      response.end('{"message":"later"}');
    });

    const { status, headers, text } = await browser.call(`${LEDGER}accounts`);

    expect([status, text]).toEqual([503, '{"message":"later"}']);
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'retry-after': '7' });
    expect(headers['set-cookie'] ?? headers.location).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['cache-control']).toBe('no-store');
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('may be a %s', async (method) => {
    expect((await browser.call(`${LEDGER}accounts`, { method })).status).toBe(200);
    expect(console.ledger.seen).toMatchObject([{ method }]);
  });

  it.each([
    'ledger/../../etc',
    'ledger/%2e%2e/healthz',
    'ledger/a/..%2fhealthz',
    'ledger/a%2f..%2f..%2fmetrics',
    'ledger/a%5cb',
    'ledger/a%252f..',
    'ledger/./a',
    'ledger//a',
    'ledger/a//b',
    'ledger/a/',
    'ledger/',
    'ledger',
    'ledger/a%00b',
    'ledger/a%0d%0ahost:%20evil',
    'ledger/a;b/..;/c',
    'ledger/a%zz',
    'ledger/%ff',
    'unknown/accounts',
    '__proto__/accounts',
    'constructor/accounts',
    'ledger:80/accounts',
    'ledger@evil.example/accounts',
    'LEDGER/accounts',
    '../services/ledger/accounts',
  ])('never leaves the admin API: %s', async (path) => {
    const { status } = await browser.call(`/api/services/${path}`);

    expect(status).toBe(404);
    expect(console.ledger.seen).toEqual([]);
  });

  it.each([
    'a path with a fragment#x',
    'accounts#x',
    'accounts?x=<script>',
    'accounts?x=a b',
    'acc\u00e4unts',
  ])('takes no raw %j', async (path) => {
    const status = await statusOfRaw(`${LEDGER}${path}`);

    expect([400, 404]).toContain(status);
    expect(console.ledger.seen).toEqual([]);
  });

  it.each(['TRACE', 'OPTIONS', 'COPY'])('is not passed on by %s', async (method) => {
    const { status } = await browser.call(`${LEDGER}accounts`, { method });

    expect([404, 405]).toContain(status);
    expect(console.ledger.seen).toEqual([]);
  });

  it('is at most a mebibyte, never encoded, and never chunked past the limit', async () => {
    const headers = { 'content-type': 'application/octet-stream' };
    const whole = Buffer.alloc(1_048_576, 'x');
    const send = (body: Buffer, more = {}) =>
      browser.call(`${LEDGER}accounts`, { method: 'POST', body, headers: { ...headers, ...more } });

    expect((await send(whole)).status).toBe(200);
    expect((await send(Buffer.concat([whole, whole.subarray(0, 1)]))).status).toBe(413);
    expect((await send(whole, { 'transfer-encoding': 'chunked' })).status).toBe(200);
    expect((await send(Buffer.from('x'), { 'content-encoding': 'gzip' })).status).toBe(415);
    expect(console.ledger.seen).toHaveLength(2);
  });

  it('keeps other bodies small', async () => {
    const body = Buffer.alloc(70_000, 'x');

    expect((await browser.call('/auth/logout', { method: 'POST', body })).status).toBe(413);
  });

  it('is sent once: what happened is unknown after a broken connection, and not after a refused one', async () => {
    console.ledger.answerWith((_call, response) => response.destroy());

    expect(await browser.call(`${LEDGER}accounts`, { method: 'POST' })).toMatchObject({
      status: 502,
      body: {
        message:
          'The connection to ledger broke: it is unknown whether the call took effect; check the result before you repeat the call',
      },
    });
    expect(await browser.call(`${LEDGER}accounts`)).toMatchObject({
      status: 502,
      body: { message: 'The connection to ledger broke' },
    });
    expect(console.ledger.seen).toHaveLength(2);
    expect(await browser.call('/api/services/webhooks/accounts', { method: 'POST' })).toMatchObject(
      { status: 502, body: { message: 'webhooks cannot be reached' } },
    );
  });

  it('never looks complete after the service broke off', async () => {
    console.ledger.answerWith((_call, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"data":[');
      setTimeout(() => response.destroy(), 50);
    });

    await expect(browser.call(`${LEDGER}accounts`)).rejects.toThrow(/aborted|socket/);
  });

  it('passes a stream on as it comes', async () => {
    let end = (): void => undefined;
    console.ledger.answerWith((_call, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.flushHeaders();
      end = () => void response.end();
      setTimeout(() => response.write('event: changed\ndata: {}\n\n'), 50);
    });

    const stream = await browser.stream(`${LEDGER}withdrawals/stream`, {
      headers: { 'sluice-console': '1', accept: 'text/event-stream' },
    });

    expect(stream.headers).toMatchObject({ 'content-type': 'text/event-stream' });
    const [first] = await new Promise<[Buffer]>((resolve) =>
      stream.once('data', (chunk: Buffer) => resolve([chunk])),
    );
    expect(first.toString()).toBe('event: changed\ndata: {}\n\n');
    end();
  });
});

describe('a service that does not want passkeys for the console’s tokens', () => {
  it.each([false, undefined, 'true'])(
    'gets no change while it answers %s, and the console is not ready',
    async (answer) => {
      const own = await givenConsole();
      try {
        const person = await own.as('olivia');
        const change = () => person.call(`${LEDGER}accounts`, { method: 'POST' });
        const ready = async () => (await own.browser().send('/readyz')).status;
        own.ledger.whoami.needs_passkey = answer;

        expect(await change()).toMatchObject({
          status: 403,
          body: {
            message: expect.stringContaining(
              'ledger accepts the tokens of the console without a passkey',
            ) as string,
          },
        });
        expect(own.ledger.seen).toEqual([]);
        expect((await person.call(`${LEDGER}accounts`)).status).toBe(200);
        expect(await ready()).toBe(503);

        own.ledger.whoami.needs_passkey = true;
        expect((await change()).status).toBe(200);
        await eventually(async () => expect(await ready()).toBe(200));
      } finally {
        await own.close();
      }
    },
  );

  it('is found by a read too, and asked once per session', async () => {
    const own = await givenConsole();
    try {
      const person = await own.as('olivia');
      for (let call = 0; call < 3; call++) await person.call(`${LEDGER}accounts`);
      expect(own.ledger.whoami.asked).toBe(1);

      own.ledger.whoami.needs_passkey = false;
      const other = await own.as('peter');
      expect((await other.call(`${LEDGER}accounts`)).status).toBe(200);
      await eventually(async () => expect((await own.browser().send('/readyz')).status).toBe(503));
    } finally {
      await own.close();
    }
  });
});

describe('a question to every service', () => {
  it('has an entry for each, also for a service that is down', async () => {
    console.ledger.answerWith((_call, response) =>
      response.end('{"success":true,"message":"OK","data":[{"id":9007199254740993}]}'),
    );

    const { status, body } = await browser.call('/api/every/approvals?state=open');

    expect(status).toBe(200);
    expect(body.data).toEqual([
      { service: 'ledger', status: 200, data: [{ id: '9007199254740993' }] },
      { service: 'webhooks', status: 502, message: 'webhooks cannot be reached' },
    ]);
    expect(console.ledger.seen).toMatchObject([
      { method: 'GET', url: '/internal/approvals?state=open' },
    ]);
  });

  it.each<[string, number, string, object]>([
    ['a refusal', 403, '{"message":"olivia may not"}', { status: 403, message: 'olivia may not' }],
    ['no JSON', 200, '<html>', { status: 502, message: 'The answer of ledger is not readable' }],
    [
      'too much',
      200,
      `"${'x'.repeat(3_000_000)}"`,
      { status: 502, message: 'The answer of ledger is not complete or too large' },
    ],
  ])('names %s', async (_what, status, text, part) => {
    console.ledger.answerWith((_call, response) => response.writeHead(status).end(text));

    const { body } = await browser.call('/api/every/approvals');

    expect((body.data as readonly object[])[0]).toEqual({ service: 'ledger', ...part });
  });

  it.each(['', '../healthz', '%2e%2e/healthz', 'a//b'])('refuses the path %j', async (path) => {
    expect((await browser.call(`/api/every/${path}`)).status).toBe(404);
    expect(console.ledger.seen).toEqual([]);
  });
});

describe('every answer', () => {
  const paths = [
    '/',
    '/withdrawals/7',
    '/nothing.txt',
    '/assets/app-1.js',
    '/assets/none.js',
    '/assets/..%2findex.html',
    '/auth/login',
    '/auth/callback',
    '/api/session',
    '/api/none',
    `${LEDGER}accounts`,
    '/internal/whoami',
    '/healthz',
    '/readyz',
    '/metrics',
  ];

  it.each(paths)('has the headers of a strict page: %s', async (path) => {
    const { headers } = await browser.open(path, { 'sluice-console': '1' });

    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none';script-src 'nonce-[\w-]{24}' 'strict-dynamic';style-src 'self' 'nonce-[\w-]{24}';img-src 'self';font-src 'self';connect-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none';require-trusted-types-for 'script';trusted-types$/,
    );
    expect(headers).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'permissions-policy': expect.stringContaining('publickey-credentials-get=(self)') as string,
      'cache-control':
        path === '/assets/app-1.js' ? 'public, max-age=31536000, immutable' : 'no-store',
    });
    expect(headers['strict-transport-security'] ?? headers['x-powered-by']).toBeUndefined();
  });

  it.each([
    ['gzip, deflate, br', 'gzip'],
    ['br;q=1, gzip;q=0.5', 'gzip'],
    ['gzip;q=0', undefined],
    ['xgzip', undefined],
    ['identity', undefined],
  ])('is the same file for a browser that takes %j', async (encodings, used) => {
    const answer = await browser.stream('/assets/app-1.js', {
      headers: { 'accept-encoding': encodings },
    });
    const bytes = Buffer.concat((await answer.toArray()) as Buffer[]);

    expect(answer.headers).toMatchObject({ vary: 'accept-encoding' });
    expect(answer.headers['content-encoding']).toBe(used);
    expect((used === 'gzip' ? gunzipSync(bytes) : bytes).toString()).toBe('export {};');
  });

  it('has a fresh nonce, the same in page and header', async () => {
    const [one, two] = [await browser.open('/'), await browser.open('/withdrawals?q=1')];
    const nonceOf = (text: string) => /nonce="([\w-]{24})"/.exec(text)?.[1] ?? 'none';

    expect(one.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(one.headers['content-security-policy']).toContain(`'nonce-${nonceOf(one.text)}'`);
    expect(two.headers['content-security-policy']).toContain(`'nonce-${nonceOf(two.text)}'`);
    expect(nonceOf(one.text)).not.toBe(nonceOf(two.text));
  });

  it('is a page for browsers, at its plain address for every program, and no admin API', async () => {
    expect(await browser.send('/', { headers: { accept: '*/*' } })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
    expect((await browser.send('/withdrawals', { headers: { accept: '*/*' } })).status).toBe(404);
    for (const path of [
      '/internal/whoami',
      '/internal/audit',
      '/metrics',
      '/api/none',
      '/assets/x',
    ])
      expect((await browser.open(path)).status).toBe(404);
    const token = console.issuer.tokenOf('demo');
    const headers = { authorization: `Bearer ${token}` };
    expect((await browser.send('/internal/whoami', { headers })).status).toBe(404);
  });

  it('asks for TLS if browsers have TLS', async () => {
    const issuer = await LocalIssuer.start();
    const secure = await givenConsole({ issuer, consoleUrl: 'https://console.example' });
    try {
      const { headers } = await secure.browser().open('/');
      expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
    } finally {
      await secure.close();
      await issuer.stop();
    }
  });

  it('contains no token and no secret', async () => {
    const own = await console.as('demo');
    await own.call('/api/session');
    await own.call('/api/sessions');
    await own.call('/api/every/approvals');
    await own.call(`${LEDGER}accounts`);
    await own.call('/auth/logout', { method: 'POST' });
    await own.logIn('demo');
    await own.call('/api/sessions', { method: 'DELETE' });

    const all = own.received.join('\n');
    const tokens = console.ledger.seen.map(({ headers }) => headers.authorization?.slice(7) ?? '');
    expect(tokens).not.toHaveLength(0);
    for (const secret of [
      ...tokens,
      console.issuer.consoleSecret,
      'eyJ',
      'id_token',
      'refresh_token',
    ])
      expect(all).not.toContain(secret);
  });
});

describe('a session', () => {
  it('may have 64 answers under way', async () => {
    const busy = await smallService();
    busy.answerWith(() => undefined); // never answers
    const own = await givenConsole({ env: { SERVICES: JSON.stringify({ ledger: busy.url }) } });
    try {
      const person = await own.as('olivia');
      const waiting = Array.from({ length: 64 }, () =>
        person.call(`${LEDGER}accounts`).catch(() => undefined),
      );
      while (busy.seen.length < 64) await new Promise((resolve) => setTimeout(resolve, 10));

      expect((await person.call(`${LEDGER}accounts`)).status).toBe(429);
      expect((await person.call('/api/sessions', { method: 'DELETE' })).status).toBe(200);
      await Promise.all(waiting);
    } finally {
      await busy.close();
      await own.close();
    }
  });
});

/** Sends a request line that Node's client would refuse or change. */
function statusOfRaw(target: string): Promise<number> {
  const { hostname, port } = new URL(console.origin);
  const cookie = [...browser.jar].map((pair) => pair.join('=')).join('; ');
  const lines = [
    `GET ${target} HTTP/1.1`,
    'host: localhost',
    'sluice-console: 1',
    `cookie: ${cookie}`,
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`${lines.join('\r\n')}\r\nconnection: close\r\n\r\n`, 'latin1'),
    );
    socket.once('data', (answer) => {
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer.toString())?.[1]));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

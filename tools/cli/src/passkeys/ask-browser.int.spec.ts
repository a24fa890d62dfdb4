import { request, type OutgoingHttpHeaders } from 'node:http';
import { createServer } from 'node:net';
import { freePort } from '@sluice/test-servers';
import { askBrowser } from './ask-browser.js';

const TASK = {
  title: 'Approve a payment',
  text: 'amount  5000\nmemo    <script>alert(1)</script>',
  button: 'Approve with the passkey',
  mode: 'get' as const,
  options: { challenge: 'AAEC', note: '</script>' },
};
const ANSWER = { id: 'abc', type: 'public-key', response: { signature: 'AAEC' } };

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly address?: string;
}

describe('the page for passkeys', () => {
  let port: number;
  let url: string;
  let asked: Promise<unknown>;
  const ask = async (withinMs = 60_000) => {
    port = await freePort();
    const { promise, resolve } = Promise.withResolvers<string>();
    asked = askBrowser(TASK, { port, withinMs, announce: resolve }).catch((error: Error) => error);
    url = /http:\S+/.exec(await promise)?.[0] ?? '';
  };
  const send = ({ method = 'GET', path = new URL(url).pathname, body, ...more }: Sent = {}) =>
    new Promise<{ status?: number; headers: OutgoingHttpHeaders; text: string }>(
      (resolve, fail) => {
        const headers = { host: `localhost:${port}`, connection: 'close', ...more.headers };
        const host = more.address ?? '127.0.0.1';
        const outgoing = request({ host, port, method, path, headers, agent: false }, (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (part: string) => (text += part));
          answer.on('end', () => {
            const { statusCode: status = 0 } = answer;
            resolve({ status, headers: answer.headers, text });
          });
        });
        outgoing.on('error', fail);
        outgoing.end(body);
      },
    );
  const post = (body = JSON.stringify(ANSWER), headers: OutgoingHttpHeaders = {}) => {
    const own = { origin: `http://localhost:${port}`, 'content-type': 'application/json' };
    return send({ method: 'POST', body, headers: { ...own, ...headers } });
  };
  afterEach(async () => {
    await post().catch(() => undefined);
    await asked;
  });

  it('shows the same text as the command line, and loads nothing from elsewhere', async () => {
    await ask();

    const { status, headers, text } = await send();

    expect(status).toBe(200);
    expect(url).toMatch(new RegExp(`^http://localhost:${port}/[\\w-]{43}$`));
    expect(text).toContain('memo    &lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain(String.raw`"note":"\u003c/script>"`);
    expect(text).not.toMatch(/\b(?:src|href)=|https?:/);
    const [, nonce = ''] = /<script nonce="([\w-]{22})">/.exec(text) ?? [];
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'`,
    );
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-frame-options': 'DENY' });
    expect((await send()).headers['content-security-policy']).not.toContain(nonce);
  });

  it('returns the answer of the passkey once, and is closed afterwards', async () => {
    await ask();

    expect(await post()).toMatchObject({ status: 204 });

    expect(await asked).toEqual(ANSWER);
    await expect(send()).rejects.toThrow('ECONNREFUSED');
  });

  it.each([
    ['a wrong token', 404, { path: '/' }],
    ['a token with a query', 404, { path: '/x?y' }],
    ['another host', 403, { headers: { host: 'evil.example:7420' } }],
    ['the address instead of localhost', 403, { headers: { host: '127.0.0.1' } }],
    ['a page of another origin', 403, { headers: { origin: 'http://evil.example' } }],
    ['another method', 403, { method: 'PUT' }],
  ] as const)('refuses %s', async (_name, status, sent) => {
    await ask();

    expect(await send(sent)).toMatchObject({ status });
    expect((await send(sent)).headers['content-security-policy']).toContain(`default-src 'none'`);
  });

  it.each([
    ['of another origin', 403, undefined, { origin: 'http://localhost:1' }],
    ['of an opaque origin', 403, undefined, { origin: 'null' }],
    ['of a form', 415, undefined, { 'content-type': 'text/plain' }],
    ['that is no JSON', 400, '{', {}],
    ['without a credential', 400, '{"id":"abc"}', {}],
    ['above 64 KiB', 413, `"${'x'.repeat(70_000)}"`, {}],
  ] as const)('refuses an answer %s, and waits on', async (_name, status, body, headers) => {
    await ask();

    expect(await post(body, headers)).toMatchObject({ status });

    expect(await post()).toMatchObject({ status: 204 });
    expect(await asked).toEqual(ANSWER);
  });

  it('refuses an answer without an origin', async () => {
    await ask();
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(ANSWER);

    expect(await send({ method: 'POST', body, headers })).toMatchObject({ status: 403 });
  });

  it('ends with a clear error when its time is over', async () => {
    await ask(50);

    expect(await asked).toMatchObject({
      exitCode: 2,
      message: 'no passkey was used within 0 minutes: nothing was sent',
    });
    await expect(send()).rejects.toThrow('ECONNREFUSED');
  });

  it('names a port that is in use', async () => {
    await ask();
    const used = await freePort();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(used, '127.0.0.1', resolve));

    const announce = () => undefined;
    await expect(askBrowser(TASK, { port: used, announce })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(`port ${used} of this computer is not free (EADDRINUSE)`),
    });
    other.close();
  });
});

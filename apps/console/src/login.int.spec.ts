import { LocalIssuer } from '@sluice/test-servers';
import { consoleEnv, givenConsole, migrated, type TestConsole } from './testkit/given-console.js';
import { consoleConfig } from './config.js';
import { LOGINS_PER_MINUTE } from './sessions/login-rate.js';

let console: TestConsole;
beforeAll(async () => void (console = await givenConsole()));
afterAll(() => console.close());

const COOKIE = '__Host-sluice-console';
const LOGIN_COOKIE = '__Host-sluice-login';

describe('a login', () => {
  it('leads through the issuer to the wanted page', async () => {
    const browser = console.browser();

    expect(await browser.logIn('olivia', '/withdrawals?state=uncertain')).toBe(
      '/withdrawals?state=uncertain',
    );

    const { status, body } = await browser.call('/api/session');
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      name: 'olivia',
      roles: ['operate'],
      services: ['ledger', 'webhooks'],
      version: 'development',
      trace_url: null,
    });
  });

  it('asks the issuer with state, nonce and PKCE, and keeps the verifier to itself', async () => {
    const { status, headers } = await console.browser().open('/auth/login');

    const { searchParams } = new URL(headers.location ?? '');
    expect(status).toBe(302);
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: 'sluice-console',
      redirect_uri: `${console.consoleUrl}/auth/callback`,
      scope: 'openid',
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
    });
  });

  it('sets cookies that scripts, other hosts and other sites do not get', async () => {
    const browser = console.browser();
    const begun = await browser.open('/auth/login');
    const callback = await browser.atIssuer(begun.headers.location ?? '', 'peter');
    const done = await browser.open(callback);

    expect(begun.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^__Host-sluice-login=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
    expect(done.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^__Host-sluice-console=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      ),
    ]);
  });

  it('gives a new session id, and ends the session from before the login', async () => {
    const browser = await console.as('olivia');
    const before = browser.jar.get(COOKIE) ?? '';
    await browser.logIn('olivia');
    expect(browser.jar.get(COOKIE)).not.toBe(before);

    browser.jar.set(COOKIE, before);
    expect((await browser.call('/api/session')).status).toBe(401);
  });

  it('takes over no session id that somebody planted', async () => {
    const browser = console.browser();
    const planted = 'p'.repeat(43);
    browser.jar.set(COOKIE, planted);
    await browser.logIn('olivia');

    expect(browser.jar.get(COOKIE)).not.toBe(planted);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/.//evil.example',
    '/api/session',
    '/auth/login',
    'javascript:alert(1)',
    '/\r\nset-cookie: a=b',
  ])('returns to the start instead of %j', async (to) => {
    expect(await console.browser().logIn('olivia', to)).toBe('/');
  });
});

describe('the answer of the issuer', () => {
  const fault = async (change: (url: URL) => void, jar?: (jar: Map<string, string>) => void) => {
    const browser = console.browser();
    const url = new URL(await browser.throughIssuer('olivia'), console.consoleUrl);
    change(url);
    jar?.(browser.jar);
    const { status, text } = await browser.open(url.pathname + url.search);
    return { status, text, isLoggedIn: browser.jar.has(COOKIE) };
  };

  it.each<[string, (url: URL) => void]>([
    ['another state', (url) => url.searchParams.set('state', 's'.repeat(43))],
    ['no state', (url) => url.searchParams.delete('state')],
    ['two states', (url) => url.searchParams.append('state', 'x')],
    ['another code', (url) => url.searchParams.set('code', 'c'.repeat(43))],
    ['no code', (url) => url.searchParams.delete('code')],
    ['another issuer', (url) => url.searchParams.set('iss', 'http://evil.example')],
    ['no issuer', (url) => url.searchParams.delete('iss')],
  ])('is refused with %s, on a page with one sentence and a link', async (_what, change) => {
    const { status, text, isLoggedIn } = await fault(change);

    expect({ status, isLoggedIn }).toEqual({ status: 400, isLoggedIn: false });
    expect(text).toContain('<a href="/auth/login">Try again</a>');
  });

  it('counts only in the browser that began the login', async () => {
    const stolen = await fault(
      () => undefined,
      (jar) => jar.set(LOGIN_COOKIE, 'v'.repeat(43)),
    );
    const without = await fault(
      () => undefined,
      (jar) => jar.clear(),
    );

    expect([stolen, without]).toMatchObject([{ status: 400 }, { status: 400 }]);
  });

  it('counts once', async () => {
    const browser = console.browser();
    const callback = await browser.throughIssuer('olivia');
    await browser.open(callback);

    expect((await browser.open(callback)).status).toBe(400);
  });

  it.each(['nonce', 'verifier'])('is refused if the %s is not of this login', async (part) => {
    const browser = console.browser();
    const begun = await browser.open('/auth/login');
    const authorize = new URL(begun.headers.location ?? '');
    authorize.searchParams.set(part === 'nonce' ? 'nonce' : 'code_challenge', 'x'.repeat(43));
    const callback = await browser.atIssuer(authorize.href, 'olivia');

    const { status } = await browser.open(callback);

    expect({ status, isLoggedIn: browser.jar.has(COOKIE) }).toEqual({
      status: 400,
      isLoggedIn: false,
    });
  });

  it('shows the refusal of the issuer as text', async () => {
    const browser = console.browser();
    const begun = await browser.open('/auth/login');
    const state = new URL(begun.headers.location ?? '').searchParams.get('state') ?? '';
    const iss = encodeURIComponent(console.issuer.url);

    const { status, text } = await browser.open(
      `/auth/callback?state=${state}&iss=${iss}&error=${encodeURIComponent('<script>access_denied')}`,
    );

    expect(status).toBe(400);
    expect(text).toContain('The issuer refuses: scriptaccess_denied');
  });

  it('lets two tabs log in side by side', async () => {
    const browser = console.browser();
    const [one, two] = [
      await browser.throughIssuer('olivia'),
      await browser.throughIssuer('olivia'),
    ];

    expect((await browser.open(one)).status).toBe(302);
    expect((await browser.open(two)).status).toBe(302);
  });

  it('of a login begun long ago is refused', async () => {
    const browser = console.browser();
    const callback = await browser.throughIssuer('olivia');
    await console.database.query(`UPDATE login_attempt SET ends_at = now() - interval '1 second'`);

    expect((await browser.open(callback)).status).toBe(400);
  });
});

describe('a logout', () => {
  it('ends the session here and its tokens at the issuer', async () => {
    const browser = await console.as('peter');
    const secret = browser.jar.get(COOKIE) ?? '';

    const { status, body } = await browser.call('/auth/logout', { method: 'POST' });

    expect(status).toBe(200);
    const { end_session_url: url } = body.data as { end_session_url: string };
    expect(url).toMatch(new RegExp(`^${console.issuer.url}/logout\\?`));
    expect(browser.jar.has(COOKIE)).toBe(false);
    browser.jar.set(COOKIE, secret);
    expect((await browser.call('/api/session')).status).toBe(401);
    const left = await fetch(url, { redirect: 'manual' });
    expect(left.headers.get('location')).toBe(`${console.consoleUrl}/`);
  });

  it('needs the console’s own page', async () => {
    const browser = await console.as('peter');

    expect((await browser.send('/auth/logout', { method: 'POST' })).status).toBe(403);
    expect((await browser.call('/api/session')).status).toBe(200);
  });
});

describe('without the issuer', () => {
  it('a login is answered with 503 and a page', async () => {
    const issuer = await LocalIssuer.start();
    const away = await givenConsole({ issuer });
    await issuer.stop();
    try {
      const { status, text } = await away.browser().open('/auth/login');

      expect(status).toBe(503);
      expect(text).toContain('The issuer of tokens does not answer');
    } finally {
      await away.close();
    }
  });

  it('the console needs an issuer with TLS in production', async () => {
    const env = consoleEnv(await migrated(), console.issuer);

    expect(() => consoleConfig({ ...env, NODE_ENV: 'production' })).toThrow(
      'OIDC_ISSUER must begin with https:// in production',
    );
  });
});

it('keeps its invariants', async () => {
  expect(await console.violations()).toEqual([]);
});

describe('logins of one address', () => {
  it('are limited, and behind a trusted proxy counted by the browser’s address', async () => {
    const behind = await givenConsole({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
    const begin = (address: string) =>
      behind.browser().open('/auth/login', { 'x-forwarded-for': address });
    for (let n = 0; n < LOGINS_PER_MINUTE; n++)
      expect((await begin('203.0.113.7')).status).toBe(302);

    const refused = await begin('203.0.113.7');

    expect([refused.status, refused.headers['retry-after']]).toEqual([
      429,
      expect.stringMatching(/^\d{1,2}$/),
    ]);
    expect(refused.text).toContain('Too many logins');
    expect((await begin('203.0.113.8')).status).toBe(302);
    const [{ count = 0 } = {}] = await behind.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM login_attempt',
    );
    expect(count).toBe(LOGINS_PER_MINUTE + 1);
    await behind.close();
  });
});

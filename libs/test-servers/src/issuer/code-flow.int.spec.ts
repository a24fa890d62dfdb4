import { createHash } from 'node:crypto';
import { LocalIssuer } from './local-issuer.js';

let issuer: LocalIssuer;
beforeAll(async () => void (issuer = await LocalIssuer.start()));
afterAll(() => issuer.stop());

const REDIRECT = 'http://localhost:8103/auth/callback';
const VERIFIER = 'v'.repeat(43);
const REQUEST = {
  response_type: 'code',
  client_id: 'sluice-console',
  redirect_uri: REDIRECT,
  scope: 'openid',
  state: 'a state',
  nonce: 'a nonce',
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
};

const authorize = (change: Readonly<Record<string, string>> = {}) =>
  fetch(`${issuer.url}/authorize?${new URLSearchParams({ ...REQUEST, ...change }).toString()}`, {
    redirect: 'manual',
  });
const post = (path: string, form: object, headers: Record<string, string> = {}) =>
  fetch(issuer.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: new URLSearchParams({ ...form }),
  });
const client = () => ({ client_id: 'sluice-console', client_secret: issuer.consoleSecret });

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly error?: string;
}

async function logIn(form: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  const page = await authorize();
  const attempt = /name="attempt" value="([^"]+)"/.exec(await page.text())?.[1];
  const cookie = page.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  const own = { attempt, name: 'olivia', password: issuer.people['olivia'] };
  return post('/login', { ...own, ...form }, { cookie, ...headers });
}

async function codeOf(response: Response): Promise<string> {
  await response.text();
  return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
}

const redeem = async (code: string, change: object = {}) => {
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT };
  return post('/token', { ...form, code_verifier: VERIFIER, ...client(), ...change });
};
const refresh = async (token: string) => {
  const form = { grant_type: 'refresh_token', refresh_token: token, ...client() };
  return (await (await post('/token', form)).json()) as Tokens;
};
const loggedIn = async () => (await (await redeem(await codeOf(await logIn()))).json()) as Tokens;
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;

describe('the login page', () => {
  it('is plain, strict and without scripts', async () => {
    const page = await authorize();

    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://localhost:8103; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(page.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict; Path=\//);
    expect(await page.text()).not.toContain('<script');
  });

  it('shows a wrong name as text, and says no more than that something is wrong', async () => {
    const answer = await logIn({ name: '"><script>alert(1)</script>', password: 'x' });

    const text = await answer.text();
    expect(answer.status).toBe(401);
    expect(text).toContain('The name or the password is wrong.');
    expect(text).not.toContain('<script');
  });

  it.each<[string, object, Record<string, string>]>([
    ['without its cookie', {}, { cookie: '' }],
    ['with the cookie of another page', {}, { cookie: 'login-x=y' }],
    ['sent by another site', {}, { 'sec-fetch-site': 'cross-site' }],
    ['of no attempt', { attempt: 'x' }, {}],
  ])('counts not %s', async (_what, form, headers) => {
    expect((await logIn(form, headers)).status).toBe(400);
  });

  it('is given to no other client and for no other address', async () => {
    for (const change of [
      { client_id: 'other' },
      { redirect_uri: 'https://evil.example/auth/callback' },
      { redirect_uri: 'http://localhost:8103.evil.example/auth/callback' },
      { redirect_uri: 'http://localhost:8103/auth/callback?x' },
    ])
      expect((await authorize(change)).status).toBe(400);
  });

  it.each([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ scope: 'profile' }, 'invalid_scope'],
    [{ code_challenge_method: 'plain' }, 'invalid_request'],
    [{ code_challenge: '' }, 'invalid_request'],
  ])('is refused for %j', async (change, error) => {
    const { status, headers } = await authorize(change);

    const { searchParams } = new URL(headers.get('location') ?? '');
    expect(status).toBe(303);
    expect(Object.fromEntries(searchParams)).toEqual({ error, state: 'a state', iss: issuer.url });
  });
});

describe('a code', () => {
  it('gives tokens of the person for the console', async () => {
    const { access_token: access, id_token: id } = await loggedIn();

    expect(claimsOf(access)).toMatchObject({
      iss: issuer.url,
      aud: 'sluice',
      sub: 'olivia',
      client_id: 'sluice-console',
      roles: ['operate'],
    });
    expect(claimsOf(id)).toMatchObject({ aud: 'sluice-console', sub: 'olivia', nonce: 'a nonce' });
  });

  it.each([
    ['another verifier', { code_verifier: 'w'.repeat(43) }, 400],
    ['no verifier', { code_verifier: '' }, 400],
    ['another address', { redirect_uri: 'http://localhost:1/auth/callback' }, 400],
    ['a wrong secret', { client_secret: 'x' }, 401],
    ['another client', { client_id: 'sluice-cli' }, 401],
  ])('gives none with %s', async (_what, change, status) => {
    expect((await redeem(await codeOf(await logIn()), change)).status).toBe(status);
  });

  it('counts once; a second use ends the tokens of the first', async () => {
    const code = await codeOf(await logIn());
    const first = (await (await redeem(code)).json()) as Tokens;

    expect((await redeem(code)).status).toBe(400);
    expect(await refresh(first.refresh_token)).toEqual({ error: 'invalid_grant' });
  });
});

describe('a refresh token', () => {
  it('rotates, and a second use ends the whole family', async () => {
    const first = await loggedIn();
    const second = await refresh(first.refresh_token);
    const third = await refresh(second.refresh_token);
    expect(claimsOf(third.access_token)).toMatchObject({ sub: 'olivia' });

    expect(await refresh(first.refresh_token)).toEqual({ error: 'invalid_grant' });
    expect(await refresh(third.refresh_token)).toEqual({ error: 'invalid_grant' });
  });

  it('may be used again for a time, where the issuer is told so, until its successor is used', async () => {
    const strict = issuer;
    issuer = await LocalIssuer.start({ reuseWithinMs: 60_000 });
    try {
      const first = await loggedIn();
      await refresh(first.refresh_token); // this answer is lost
      const second = await refresh(first.refresh_token);
      const third = await refresh(second.refresh_token);
      expect(claimsOf(third.access_token)).toMatchObject({ sub: 'olivia' });

      expect(await refresh(first.refresh_token)).toEqual({ error: 'invalid_grant' });
      expect(await refresh(third.refresh_token)).toEqual({ error: 'invalid_grant' });
    } finally {
      await issuer.stop();
      issuer = strict;
    }
  });

  it('ends by revocation and by the logout at the issuer', async () => {
    const [one, two, other] = [await loggedIn(), await loggedIn(), await loggedIn()];

    await post('/revoke', { token: one.refresh_token, ...client() });
    const query = new URLSearchParams({
      id_token_hint: two.id_token,
      client_id: 'sluice-console',
      post_logout_redirect_uri: 'http://localhost:8103/',
    });
    const left = await fetch(`${issuer.url}/logout?${query.toString()}`, { redirect: 'manual' });

    expect(left.headers.get('location')).toBe('http://localhost:8103/');
    expect(await refresh(one.refresh_token)).toEqual({ error: 'invalid_grant' });
    expect(await refresh(two.refresh_token)).toEqual({ error: 'invalid_grant' });
    expect(await refresh(other.refresh_token)).toMatchObject({ token_type: 'Bearer' });
  });

  it('is of the client alone', async () => {
    const { refresh_token: token } = await loggedIn();
    const form = { grant_type: 'refresh_token', refresh_token: token };

    expect((await post('/token', { ...form, ...client(), client_secret: 'x' })).status).toBe(401);
    expect((await post('/token', form)).status).toBe(401);
  });

  it('leads no logout to another address', async () => {
    const query = 'client_id=sluice-console&post_logout_redirect_uri=https://evil.example/';
    const { status, headers } = await fetch(`${issuer.url}/logout?${query}`);

    expect([status, headers.get('location')]).toEqual([200, null]);
  });
});

it('a name and a password still give a token, of the command', async () => {
  const form = { grant_type: 'client_credentials', client_id: 'demo' };
  const answer = await post('/token', { ...form, client_secret: issuer.people['demo'] });

  const { access_token: token } = (await answer.json()) as Tokens;
  expect(claimsOf(token)).toMatchObject({ sub: 'demo', client_id: 'sluice-cli' });
});

/** Authorization-code flow with PKCE for the client `sluice-console`. */
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import {
  isSame,
  jsonAnswer,
  randomText,
  refused,
  ShortLived,
  type IssuerAnswer,
} from './answers.js';
import { loginPage, sentencePage } from './login-page.js';
import type { Family, RefreshFamilies } from './refresh-families.js';

export const CONSOLE_CLIENT = 'sluice-console';

/** The console of a local stack, on any port of this machine. */
const REDIRECT = /^https?:\/\/localhost:\d{1,5}\/auth\/callback$/;
const AFTER_LOGOUT = /^https?:\/\/localhost:\d{1,5}\/$/;
const CHALLENGE = /^[\w-]{43}$/;

const ATTEMPT_LIFE_MS = 600_000;
const CODE_LIFE_MS = 60_000;
const MOST_TRIES = 10;

/** Parts of the issuer used by the flow. */
interface FlowIssuer {
  readonly url: string;
  readonly consoleSecret: string;
  isPassword(name: string, password: string): boolean;
  /** Signs an access token of a person for a client. */
  accessToken(name: string, client: string): { readonly token: string; readonly lifeS: number };
  idToken(name: string, claims: Readonly<Record<string, unknown>>): string;
  /** Returns the session id of an id_token of this issuer. */
  sidOf(idToken: string): string | null;
}

interface LoginTry {
  readonly browser: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly challenge: string;
  tries: number;
}

interface Code extends Pick<LoginTry, 'redirectUri' | 'nonce' | 'challenge'> {
  readonly family: Family;
  readonly authTime: number;
  isUsed: boolean;
}

export class CodeFlow {
  private readonly issuer: FlowIssuer;
  private readonly attempts = new ShortLived<LoginTry>(ATTEMPT_LIFE_MS);
  private readonly codes = new ShortLived<Code>(CODE_LIFE_MS);
  private readonly families: RefreshFamilies;

  constructor(issuer: FlowIssuer, families: RefreshFamilies) {
    this.issuer = issuer;
    this.families = families;
  }

  /** Answers the authorization endpoint with the login page. */
  authorize(query: URLSearchParams): IssuerAnswer {
    const redirectUri = query.get('redirect_uri') ?? '';
    if (query.get('client_id') !== CONSOLE_CLIENT || !REDIRECT.test(redirectUri))
      return sentencePage(400, 'This application is unknown to the issuer.');
    const state = query.get('state') ?? '';
    const challenge = query.get('code_challenge') ?? '';
    const fault = faultOf(query, challenge);
    if (fault !== null) return this.redirect(redirectUri, { error: fault, state });
    const [id, browser] = [randomText(), randomText()];
    const nonce = query.get('nonce') ?? '';
    this.attempts.set(id, { browser, redirectUri, state, nonce, challenge, tries: 0 });
    const { headers, ...page } = loginPage(formOf(id, redirectUri));
    const cookie = `${cookieOf(id)}=${browser}; HttpOnly; SameSite=Strict; Path=/; Max-Age=600`;
    return { ...page, headers: { ...headers, 'set-cookie': cookie } };
  }

  /** Answers the form of the login page. The form counts only with the cookie of the same page. */
  login(form: URLSearchParams, headers: IncomingHttpHeaders): IssuerAnswer {
    const id = form.get('attempt') ?? '';
    const attempt = this.attempts.get(id);
    const site = headers['sec-fetch-site'] ?? 'same-origin';
    if (!attempt || site !== 'same-origin' || !hasCookie(headers.cookie, id, attempt.browser))
      return sentencePage(
        400,
        'This login has ended. Go back to the application and log in again.',
      );
    const [name, password] = [form.get('name') ?? '', form.get('password') ?? ''];
    if (!this.issuer.isPassword(name, password)) {
      if (++attempt.tries >= MOST_TRIES) this.attempts.delete(id);
      const fault = 'The name or the password is wrong.';
      return loginPage({ ...formOf(id, attempt.redirectUri), fault, name });
    }
    this.attempts.delete(id);
    const code = randomText();
    const { redirectUri, nonce, challenge, state } = attempt;
    this.codes.set(code, {
      redirectUri,
      nonce,
      challenge,
      family: { sid: randomUUID(), name, client: CONSOLE_CLIENT },
      authTime: Math.floor(Date.now() / 1_000),
      isUsed: false,
    });
    return this.redirect(redirectUri, { code, state });
  }

  /** Answers the token endpoint for the grants of the console. */
  grant(form: URLSearchParams, headers: IncomingHttpHeaders): IssuerAnswer {
    if (!this.isClient(form, headers)) return refused(401, 'invalid_client');
    if (form.get('grant_type') === 'authorization_code') return this.redeem(form);
    const used = form.get('refresh_token') ?? '';
    const family = this.families.use(used, CONSOLE_CLIENT);
    return family ? jsonAnswer(200, this.tokensOf(family, used)) : refused(400, 'invalid_grant');
  }

  revoke(form: URLSearchParams, headers: IncomingHttpHeaders): IssuerAnswer {
    if (!this.isClient(form, headers)) return refused(401, 'invalid_client');
    this.families.revoke(form.get('token') ?? '', CONSOLE_CLIENT);
    return jsonAnswer(200, {});
  }

  /** Answers the end-session endpoint. The issuer itself keeps no login beyond its answer. */
  endSession(query: URLSearchParams): IssuerAnswer {
    const sid = this.issuer.sidOf(query.get('id_token_hint') ?? '');
    if (sid !== null) this.families.end(sid);
    const target = query.get('post_logout_redirect_uri') ?? '';
    if (query.get('client_id') !== CONSOLE_CLIENT || !AFTER_LOGOUT.test(target))
      return sentencePage(200, 'You are logged out.');
    const state = query.get('state');
    const url = new URL(target);
    if (state !== null) url.searchParams.set('state', state);
    return { status: 302, headers: { location: url.href }, body: '' };
  }

  private redeem(form: URLSearchParams): IssuerAnswer {
    const code = this.codes.get(form.get('code') ?? '');
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (!code) return refused(400, 'invalid_grant');
    if (code.isUsed) this.families.end(code.family.sid);
    const isWhole =
      !code.isUsed &&
      form.get('redirect_uri') === code.redirectUri &&
      isSame(challenge, code.challenge);
    code.isUsed = true;
    if (!isWhole) return refused(400, 'invalid_grant');
    const { family, nonce, authTime } = code;
    const claims = {
      aud: CONSOLE_CLIENT,
      sid: family.sid,
      auth_time: authTime,
      ...(nonce !== '' && { nonce }),
    };
    return jsonAnswer(200, {
      ...this.tokensOf(family, null),
      id_token: this.issuer.idToken(family.name, claims),
    });
  }

  private tokensOf(family: Family, used: string | null): object {
    const { token, lifeS } = this.issuer.accessToken(family.name, CONSOLE_CLIENT);
    return {
      access_token: token,
      token_type: 'Bearer',
      expires_in: lifeS,
      refresh_token: this.families.issue(family, used),
      scope: 'openid',
    };
  }

  /** True if the client's secret is in the form (`client_secret_post`) or in the header (`_basic`). */
  private isClient(form: URLSearchParams, { authorization = '' }: IncomingHttpHeaders): boolean {
    const [, basic] = /^Basic (.+)$/i.exec(authorization) ?? [];
    const given =
      basic === undefined
        ? `${form.get('client_id')}:${form.get('client_secret')}`
        : decodeURIComponent(Buffer.from(basic, 'base64').toString());
    return isSame(given, `${CONSOLE_CLIENT}:${this.issuer.consoleSecret}`);
  }

  private redirect(target: string, answer: Readonly<Record<string, string>>): IssuerAnswer {
    const url = new URL(target);
    for (const [name, value] of Object.entries({ ...answer, iss: this.issuer.url }))
      if (value !== '') url.searchParams.set(name, value);
    return { status: 303, headers: { location: url.href }, body: '' };
  }
}

/** Returns the error code of an authorization request, or null. */
function faultOf(query: URLSearchParams, challenge: string): string | null {
  if (query.get('response_type') !== 'code') return 'unsupported_response_type';
  if (!(query.get('scope') ?? '').split(' ').includes('openid')) return 'invalid_scope';
  return query.get('code_challenge_method') === 'S256' && CHALLENGE.test(challenge)
    ? null
    : 'invalid_request';
}

function formOf(attempt: string, redirectUri: string) {
  return { action: 'login', attempt, returnsTo: new URL(redirectUri).origin };
}

/** Each attempt has a cookie of its own: two tabs may log in side by side. */
function cookieOf(attempt: string): string {
  return `login-${attempt.slice(0, 8)}`;
}

function hasCookie(header: string | undefined, attempt: string, browser: string): boolean {
  const wanted = `${cookieOf(attempt)}=`;
  const found = (header ?? '').split('; ').find((one) => one.startsWith(wanted));
  return found !== undefined && isSame(found.slice(wanted.length), browser);
}

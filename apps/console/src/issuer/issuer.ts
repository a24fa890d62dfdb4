import { Injectable } from '@nestjs/common';
import { decodeJwt } from 'jose';
import * as openid from 'openid-client';
import { monotonicMs } from '@sluice/runtime';
import { InjectConfig, InjectLogger, type Logger } from '@sluice/service-shell';
import type { ConsoleConfig } from '../settings/console-settings.js';
import { issuerFetch } from './issuer-fetch.js';

/** Below the time after which a transaction counts as stuck: a refresh runs inside one. */
const WITHIN_S = 4;
/** Keys and addresses of the issuer are read again after this time. */
const DISCOVERED_MS = 600_000;
/** Assumed life of a token that does not name its end; services refuse such a token anyway. */
const SHORT_LIFE_MS = 60_000;

const CALLBACK_PATH = '/auth/callback';

export interface PersonTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
}

/** Secrets of a login, known to the console alone. */
export interface LoginSecrets {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** The issuer gave no usable answer: the work may be repeated later. */
export class IssuerSilentError extends Error {
  override readonly name = 'IssuerSilentError';
}

/** The issuer refuses the login or the refresh. The message is a sentence without secrets. */
export class IssuerRefusalError extends Error {
  override readonly name = 'IssuerRefusalError';
}

/** The OIDC issuer of the people, called as the confidential client of the console. */
@Injectable()
export class Issuer {
  private known: { readonly atMs: number; readonly value: openid.Configuration } | null = null;
  private asking: Promise<openid.Configuration> | null = null;

  constructor(
    @InjectConfig() private readonly config: ConsoleConfig,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Returns the address of the issuer's login page. */
  async loginUrl({ state, nonce, verifier }: LoginSecrets): Promise<string> {
    const issuer = await this.discovered();
    const url = openid.buildAuthorizationUrl(issuer, {
      redirect_uri: this.config.consoleUrl + CALLBACK_PATH,
      scope: this.config.oidcScopes.join(' '),
      state,
      nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return url.href;
  }

  /** Exchanges the code in the issuer's answer, which the browser brought as `target`. */
  async redeem(target: string, secrets: LoginSecrets): Promise<PersonTokens> {
    const issuer = await this.discovered();
    const answer = await this.asked('login', () =>
      openid.authorizationCodeGrant(issuer, new URL(this.config.consoleUrl + target), {
        pkceCodeVerifier: secrets.verifier,
        expectedState: secrets.state,
        expectedNonce: secrets.nonce,
        idTokenExpected: true,
      }),
    );
    return { accessToken: answer.access_token, refreshToken: answer.refresh_token ?? null };
  }

  /** Uses a refresh token up. Without a new refresh token in the answer, the old one stays valid. */
  async refresh(refreshToken: string): Promise<PersonTokens> {
    const issuer = await this.discovered();
    const answer = await this.asked('refresh', () =>
      openid.refreshTokenGrant(issuer, refreshToken),
    );
    return {
      accessToken: answer.access_token,
      refreshToken: answer.refresh_token ?? refreshToken,
    };
  }

  /** Ends the tokens of a session at the issuer, where the issuer can. A fault is only logged. */
  async revoke({ refreshToken }: PersonTokens): Promise<void> {
    if (refreshToken === null) return;
    try {
      const issuer = await this.discovered();
      if (issuer.serverMetadata().revocation_endpoint === undefined) return;
      await openid.tokenRevocation(issuer, refreshToken, { token_type_hint: 'refresh_token' });
    } catch (error) {
      this.logger.warn({ err: reasonOf(error) }, 'the tokens of an ended session were not revoked');
    }
  }

  /**
   * Returns the page at which the person also leaves the issuer. The address contains no token,
   * because the browser sees the address.
   */
  async endSessionUrl(): Promise<string> {
    const home = `${this.config.consoleUrl}/`;
    try {
      const issuer = await this.discovered();
      if (issuer.serverMetadata().end_session_endpoint === undefined) return home;
      return openid.buildEndSessionUrl(issuer, { post_logout_redirect_uri: home }).href;
    } catch (error) {
      if (error instanceof IssuerSilentError) return home;
      throw error;
    }
  }

  /** Old addresses stay in use while new ones are read: while the issuer is away, no call waits for both. */
  private async discovered(): Promise<openid.Configuration> {
    const isFresh = this.known !== null && monotonicMs() - this.known.atMs < DISCOVERED_MS;
    if (this.known !== null && isFresh) return this.known.value;
    this.asking ??= this.asked('discovery', () => this.discover())
      .then((value) => {
        this.known = { atMs: monotonicMs(), value };
        return value;
      })
      .finally(() => (this.asking = null));
    if (this.known === null) return this.asking;
    this.asking.catch(() => undefined); // asked again by the next call
    return this.known.value;
  }

  private discover(): Promise<openid.Configuration> {
    const { oidcIssuer, oidcClientId, oidcClientSecret, nodeEnv } = this.config;
    const isPlain = nodeEnv !== 'production' && oidcIssuer.startsWith('http:');
    return openid.discovery(
      new URL(oidcIssuer),
      oidcClientId,
      {},
      authenticationBy(oidcClientSecret.reveal()),
      {
        timeout: WITHIN_S,
        [openid.customFetch]: issuerFetch(this.config, WITHIN_S * 1_000),
        execute: [
          openid.enableNonRepudiationChecks,
          ...(isPlain ? [openid.allowInsecureRequests] : []),
        ],
      },
    );
  }

  /** Runs a call. Throws IssuerRefusalError or IssuerSilentError. */
  private async asked<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const refusal = refusalIn(error);
      this.logger.warn({ what, err: reasonOf(error) }, 'the issuer did not accept a call');
      if (refusal !== null) throw new IssuerRefusalError(refusal);
      throw new IssuerSilentError('The issuer of tokens does not answer: try again soon');
    }
  }
}

/** Returns the end of an access token (ms), which the token itself names. */
export function expiryOf(accessToken: string, nowMs: number): number {
  try {
    const { exp } = decodeJwt(accessToken);
    return exp === undefined ? nowMs + SHORT_LIFE_MS : exp * 1_000;
  } catch {
    return nowMs + SHORT_LIFE_MS;
  }
}

/** Sends the client's secret in the way that the issuer supports, preferably in the header. */
function authenticationBy(secret: string): openid.ClientAuth {
  const [basic, post] = [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)];
  return (server, ...call) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    (methods.includes('client_secret_basic') ? basic : post)(server, ...call);
  };
}

/** Faults of the answer itself, found by the checks of the client. */
const WRONG_ANSWERS: ReadonlySet<string> = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
]);

const SERVERS_OWN_FAULTS: ReadonlySet<string> = new Set([
  'server_error',
  'temporarily_unavailable',
  'invalid_client',
  'unauthorized_client',
]);

/** Returns the refusal in an error; null for a fault of the issuer, the network or the settings. */
function refusalIn(error: unknown): string | null {
  const isAnswer =
    error instanceof openid.AuthorizationResponseError ||
    (error instanceof openid.ResponseBodyError && error.status < 500);
  if (isAnswer)
    return SERVERS_OWN_FAULTS.has(error.error)
      ? null
      : `The issuer refuses: ${error.error.replace(/[^a-z_]/g, '').slice(0, 40)}`;
  return error instanceof openid.ClientError && WRONG_ANSWERS.has(error.code ?? '')
    ? 'The answer of the issuer is not valid for this login'
    : null;
}

/** Name, code and message of an error. The error itself may hold a request with secrets. */
function reasonOf(error: unknown): object {
  const { name, message, code, error: answered } = Object(error) as Record<string, unknown>;
  return { name, message, code, answered };
}

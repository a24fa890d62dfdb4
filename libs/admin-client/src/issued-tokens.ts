import { callIssuer, monotonicMs } from '@sluice/runtime';
import { becauseOf } from './tls.js';

export interface TokenClient {
  /** The token endpoint of an OAuth 2 issuer. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM file of the only CA believed at the issuer. Default: the CAs known to Node. */
  readonly caFile?: string;
}

/** No token was issued; the message has the reason. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
}

const WITHIN_MS = 5_000;
/** Margin before expiry, because the token must stay valid during a call. */
const SPARE_MS = 30_000;

/**
 * Bearer tokens of a client with id and secret (OAuth 2 client credentials). Each token is used
 * until 30 s before expiry.
 */
export class IssuedTokens {
  private newest: { readonly token: string; readonly untilMs: number } | null = null;

  /** `client` is called before each new token. */
  constructor(private readonly client: () => TokenClient) {}

  /** Throws TokenError. */
  readonly token = async (): Promise<string> => {
    if (this.newest === null || monotonicMs() >= this.newest.untilMs)
      this.newest = await this.issue();
    return this.newest.token;
  };

  private async issue(): Promise<{ token: string; untilMs: number }> {
    const client = this.client();
    const { clientId, tokenUrl } = client;
    const answer = await ask(client);
    const { access_token: token, expires_in: lifeS, error } = answer;
    if (typeof token !== 'string')
      throw new TokenError(
        `${tokenUrl} gives ${clientId} no token: ${typeof error === 'string' ? error : 'it gives no reason'}`,
      );
    const lifeMs = typeof lifeS === 'number' ? lifeS * 1_000 : 2 * SPARE_MS;
    return { token, untilMs: monotonicMs() + Math.max(0, lifeMs - SPARE_MS) };
  }
}

async function ask(client: TokenClient): Promise<Readonly<Record<string, unknown>>> {
  const { tokenUrl: url, clientId, clientSecret, caFile = null } = client;
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  };
  try {
    const answer = await callIssuer({ url, form, timeoutMs: WITHIN_MS }, { caFile, proxy: null });
    if (answer.json === undefined) throw new Error(`status ${answer.status} without JSON`);
    return Object(answer.json) as Record<string, unknown>;
  } catch (cause) {
    throw new TokenError(`${url} gives no token${becauseOf(cause)}`, { cause });
  }
}

import { monotonicMs } from '@sluice/runtime';

export interface TokenClient {
  /** The token endpoint of an OAuth 2 issuer. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
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

async function ask({
  tokenUrl,
  clientId,
  clientSecret,
}: TokenClient): Promise<Readonly<Record<string, unknown>>> {
  const form = { grant_type: 'client_credentials', client_id: clientId };
  try {
    const response = await fetch(tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({ ...form, client_secret: clientSecret }),
      redirect: 'error',
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    return Object(await response.json()) as Record<string, unknown>;
  } catch (cause) {
    throw new TokenError(`${tokenUrl} gives no token`, { cause });
  }
}

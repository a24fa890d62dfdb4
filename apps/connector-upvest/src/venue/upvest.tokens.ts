import { monotonicMs } from '@sluice/runtime';
import type { Throttle } from '@sluice/connector-rules';
import type { VenueAnswer } from '@sluice/connector-engine';

/** Result of a call not sent or not authorized: the venue changed no state. */
export interface NoAccess {
  readonly kind: 'no_access';
  readonly cause: string;
  readonly retryAfterMs: number;
  readonly throttle: Throttle | null;
  readonly status: number | null;
  readonly text: string;
}

type TokenOutcome = { kind: 'access'; access: Access } | NoAccess;

/** Access token with validity times. */
export interface Access {
  readonly bearer: string;
  readonly refreshAt: number;
  readonly expiresAt: number;
  /** True after the venue has accepted the token at least once. */
  proven: boolean;
}

const EARLY = 0.8; // renewal time as a fraction of the token's life
const AGAIN_MS = 1_000;
const TOKEN = /^[a-zA-Z0-9\-._~+/]+=*$/;

/**
 * Caches the access token, renews it before expiry, and drops a refused one. Callers share a
 * request.
 */
export class UpvestTokens {
  private current: Access | null = null;
  private asking: Promise<TokenOutcome> | null = null;

  constructor(
    private readonly ask: () => Promise<VenueAnswer>,
    private readonly now: () => number = monotonicMs,
  ) {}

  async take(): Promise<TokenOutcome> {
    const known = this.current;
    if (known && this.now() < known.refreshAt) return { kind: 'access', access: known };
    this.asking ??= this.renew().finally(() => (this.asking = null));
    const renewed = await this.asking;
    const isStillGood = known !== null && known === this.current && this.now() < known.expiresAt;
    return renewed.kind === 'no_access' && isStillGood
      ? { kind: 'access', access: known }
      : renewed;
  }

  honoured(access: Access): void {
    access.proven = true;
  }

  /** Handles a 401. A token accepted before has ended; a new one cannot help one never accepted. */
  refused(access: Access, text: string): NoAccess {
    if (this.current === access) this.current = null;
    return access.proven
      ? {
          kind: 'no_access',
          cause: 'the access token has ended',
          retryAfterMs: 50,
          throttle: null,
          status: 401,
          text,
        }
      : {
          kind: 'no_access',
          cause: 'a new access token is refused',
          retryAfterMs: 60_000,
          throttle: 'halt',
          status: 401,
          text,
        };
  }

  private async renew(): Promise<TokenOutcome> {
    const askedAt = this.now();
    const answer = await this.ask();
    const granted =
      answer.kind === 'answer' && answer.status === 200 ? readToken(answer.json) : null;
    if (!granted) return noToken(answer);
    const lifeMs = granted.expiresInS * 1000;
    const access = {
      bearer: granted.bearer,
      refreshAt: askedAt + lifeMs * EARLY,
      expiresAt: askedAt + lifeMs,
      proven: false,
    };
    this.current = access;
    return { kind: 'access', access };
  }
}

function readToken(json: unknown): { bearer: string; expiresInS: number } | null {
  if (typeof json !== 'object' || json === null) return null;
  const { access_token: bearer, expires_in: expiresInS } = json as Record<string, unknown>;
  if (typeof bearer !== 'string' || !TOKEN.test(bearer)) return null;
  return typeof expiresInS === 'number' && expiresInS > 0 ? { bearer, expiresInS } : null;
}

/** Maps a failed token request: refused credentials halt, any other fault pauses. */
function noToken(answer: VenueAnswer): NoAccess {
  if (answer.kind === 'not_sent')
    return {
      kind: 'no_access',
      cause: answer.cause,
      retryAfterMs: AGAIN_MS,
      throttle: 'pause',
      status: null,
      text: '',
    };
  const { status } = answer;
  const cause = `no access token: ${answer.kind === 'answer' ? `status ${status}` : answer.cause}`;
  const isOurs = answer.kind === 'answer' && (status === 400 || status === 401 || status === 403);
  return {
    kind: 'no_access',
    cause,
    retryAfterMs: isOurs ? 60_000 : AGAIN_MS,
    throttle: isOurs ? 'halt' : 'pause',
    status,
    text: '',
  };
}

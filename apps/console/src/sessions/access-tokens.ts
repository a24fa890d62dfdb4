import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { type Tx, UnitOfWork } from '@sluice/postgres';
import {
  expiryOf,
  Issuer,
  IssuerRefusalError,
  IssuerSilentError,
  type PersonTokens,
} from '../issuer/issuer.js';
import { IS_LIVE, SESSION_COLUMNS, Sessions, type LiveSession } from './sessions.js';
import { TokenProofs } from './token-proofs.js';
import { TokenSeals } from './token-seals.js';

/** A token is refreshed ahead within this time before its end. */
const REFRESH_BEFORE_MS = 60_000;
/** Age up to which a token may carry a change: a revoked role counts after this time. */
const FRESH_MS = 60_000;
/** A token with less time left is not sent: it could end on the way. */
const USABLE_MS = 5_000;
/** Pause after an attempt without an answer of the issuer. */
const TRY_AGAIN_MS = 5_000;
const MOST_UNSTORED = 1_000;

type RefreshOutcome =
  | { readonly kind: 'token'; readonly token: string; readonly usedUp: string | null }
  | { readonly kind: 'ended' }
  | { readonly kind: 'silent' };

export function sessionEnded(): ApiError {
  return new ApiError(401, 'The session has ended: log in again');
}

/** Access tokens of the sessions. A token is refreshed once, by whichever process locks the row. */
@Injectable()
export class AccessTokens {
  private readonly refreshing = new Map<string, Promise<string>>();
  /** Answers of the issuer that no commit has stored yet, by the refresh token used up for them. */
  private readonly unstored = new Map<string, PersonTokens>();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly seals: TokenSeals,
    private readonly sessions: Sessions,
    private readonly issuer: Issuer,
    private readonly proofs: TokenProofs,
  ) {}

  /**
   * Returns a usable access token of the session's person. Throws ApiError: 401 if the session ends
   * here, 503 while the issuer is away.
   */
  async of(session: LiveSession): Promise<string> {
    const leftMs = this.leftMs(session);
    if (leftMs > REFRESH_BEFORE_MS) return this.opened(session).accessToken;
    const refreshed = this.refreshed(session);
    if (leftMs <= USABLE_MS) return refreshed;
    refreshed.catch(() => undefined); // the next request sees the outcome
    return this.opened(session).accessToken;
  }

  /**
   * Returns a token for a call that changes something, with roles that the issuer has confirmed within
   * the last minute. While the issuer is away the token counts until its own end: a halt stays possible.
   */
  async freshOf(session: LiveSession): Promise<string> {
    if (this.sessions.ageMs(session.tokensAt) < FRESH_MS) return this.of(session);
    try {
      return await this.refreshed(session);
    } catch (error) {
      const isSilent = error instanceof ApiError && error.getStatus() === 503;
      if (isSilent && this.leftMs(session) > USABLE_MS) return this.opened(session).accessToken;
      throw error;
    }
  }

  private refreshed(session: LiveSession): Promise<string> {
    const running = this.refreshing.get(session.id);
    if (running) return running;
    const refreshing = this.refresh(session).finally(() => this.refreshing.delete(session.id));
    this.refreshing.set(session.id, refreshing);
    return refreshing;
  }

  private async refresh(session: LiveSession): Promise<string> {
    const outcome = await this.unitOfWork.run((tx) => this.refreshLocked(tx, session));
    if (outcome.kind === 'silent')
      throw new ApiError(503, 'The issuer of tokens does not answer: try again soon', {
        'retry-after': '5',
      });
    if (outcome.kind === 'token' && (await this.isForPerson(outcome, session)))
      return outcome.token;
    const ended = await this.sessions.end([session], 'issuer', 'issuer');
    for (const { tokens } of ended) if (tokens !== null) void this.issuer.revoke(tokens);
    throw sessionEnded();
  }

  private async isForPerson(
    { token, usedUp }: Extract<RefreshOutcome, { kind: 'token' }>,
    session: LiveSession,
  ): Promise<boolean> {
    if (usedUp === null) return true; // another request has refreshed and checked the token
    this.unstored.delete(usedUp);
    return this.proofs.fits(token, session);
  }

  private async refreshLocked(tx: Tx, { id, tokensAt }: LiveSession): Promise<RefreshOutcome> {
    const [row] = await tx.query<LiveSession>(
      `SELECT ${SESSION_COLUMNS} FROM session WHERE id = $2 AND ${IS_LIVE} FOR UPDATE`,
      [this.sessions.idleMs, id],
    );
    if (!row) return { kind: 'ended' };
    const tokens = this.opened(row);
    const leftMs = this.leftMs(row);
    const current = { kind: 'token', token: tokens.accessToken, usedUp: null } as const;
    // another request has refreshed the token since the session was read
    if (row.tokensAt.getTime() > tokensAt.getTime() && leftMs > USABLE_MS) return current;
    if (tokens.refreshToken === null) return leftMs > USABLE_MS ? current : { kind: 'ended' };
    if (this.sessions.ageMs(row.refreshTriedAt) < TRY_AGAIN_MS) return { kind: 'silent' };
    const answer = await this.answerFor(tokens.refreshToken);
    if (answer === 'refused') return { kind: 'ended' };
    if (answer === 'silent') {
      await tx.query('UPDATE session SET refresh_tried_at = now() WHERE id = $1', [id]);
      return { kind: 'silent' };
    }
    const expiresAt = new Date(expiryOf(answer.accessToken, this.sessions.nowMs()));
    await tx.query(
      `UPDATE session SET tokens = $2::jsonb, tokens_at = clock_timestamp(), access_expires_at = $3, refresh_tried_at = NULL WHERE id = $1`,
      [id, this.seals.sealTokens(answer, row), expiresAt],
    );
    return { kind: 'token', token: answer.accessToken, usedUp: tokens.refreshToken };
  }

  /**
   * Asks the issuer once per refresh token. An answer whose commit failed is stored by the next
   * attempt: a second use of the token would end the person's tokens at the issuer.
   */
  private async answerFor(refreshToken: string): Promise<PersonTokens | 'refused' | 'silent'> {
    const kept = this.unstored.get(refreshToken);
    if (kept) return kept;
    try {
      const answer = await this.issuer.refresh(refreshToken);
      this.keep(refreshToken, answer);
      return answer;
    } catch (error) {
      if (error instanceof IssuerRefusalError) return 'refused';
      if (error instanceof IssuerSilentError) return 'silent';
      throw error;
    }
  }

  private keep(refreshToken: string, answer: PersonTokens): void {
    this.unstored.set(refreshToken, answer);
    const [oldest] = this.unstored.keys();
    if (this.unstored.size > MOST_UNSTORED && oldest !== undefined) this.unstored.delete(oldest);
  }

  private opened(session: LiveSession): PersonTokens {
    try {
      return this.seals.openTokens(session.tokens, session);
    } catch {
      throw sessionEnded(); // sealed with a key that is gone, or for another row
    }
  }

  private leftMs({ accessExpiresAt }: LiveSession): number {
    return accessExpiresAt.getTime() - this.sessions.nowMs();
  }
}

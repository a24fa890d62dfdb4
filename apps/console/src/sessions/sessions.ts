import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller, Role } from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { InjectConfig } from '@sluice/service-shell';
import type { SealedSecret } from '@sluice/signing';
import type { ConsoleConfig } from '../settings/console-settings.js';
import { expiryOf, type PersonTokens } from '../issuer/issuer.js';
import { hashOf, newSecret } from './cookies.js';
import { TokenSeals } from './token-seals.js';

/** Session of a person that has not ended. */
export interface LiveSession {
  readonly id: string;
  readonly secretHash: string;
  readonly person: string;
  readonly roles: readonly Role[];
  readonly address: string;
  readonly browser: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly endsAt: Date;
  readonly tokens: SealedSecret;
  /** Time at which the issuer gave the tokens, by the database clock. */
  readonly tokensAt: Date;
  readonly accessExpiresAt: Date;
  readonly refreshTriedAt: Date | null;
}

export type EndCause = 'logout' | 'revoked' | 'replaced' | 'issuer';

/** Session that has just ended, with the tokens that its row had; null if they cannot be opened. */
export interface EndedSession {
  readonly id: string;
  readonly person: string;
  readonly by: string;
  readonly because: EndCause | 'idle' | 'life';
  readonly tokens: PersonTokens | null;
}

type EndedRow = LiveSession & Pick<EndedSession, 'by' | 'because'>;

/** Place from which a person logged in, as shown in the list of sessions. */
interface SeenFrom {
  readonly address: string;
  readonly browser: string;
}

export const SESSION_COLUMNS = `id, secret_hash AS "secretHash", person, roles, address, browser,
  created_at AS "createdAt", last_used_at AS "lastUsedAt", ends_at AS "endsAt", tokens,
  tokens_at AS "tokensAt", access_expires_at AS "accessExpiresAt", refresh_tried_at AS "refreshTriedAt"`;

/** SQL that is true for a live session; `$1` is the idle time. */
export const IS_LIVE = `ended_at IS NULL AND ends_at > now() AND last_used_at > now() - $1 * interval '1 millisecond'`;

/** Uses within this time are written once. */
const TOUCH_EVERY_MS = 10_000;
const LONGEST_BROWSER = 200;

/** The table of sessions. The browser's secret is stored as its hash only. */
@Injectable()
export class Sessions {
  readonly idleMs: number;
  private readonly lifeMs: number;

  constructor(
    private readonly database: Database,
    private readonly seals: TokenSeals,
    @InjectConfig() { sessionIdleMs, sessionLifeMs }: ConsoleConfig,
  ) {
    this.idleMs = sessionIdleMs;
    this.lifeMs = sessionLifeMs;
  }

  /** Opens a session with a new id; returns the secret for the cookie. */
  async open({ name, roles }: Caller, tokens: PersonTokens, seen: SeenFrom): Promise<string> {
    const secret = newSecret();
    const row = { id: randomUUIDv7(), secretHash: hashOf(secret), person: name };
    const expiresAt = new Date(expiryOf(tokens.accessToken, this.nowMs()));
    await this.database.query(
      `INSERT INTO session (id, secret_hash, person, roles, address, browser, tokens, access_expires_at, ends_at)
       VALUES ($1, $2, $3, $4::text[], $5, $6, $7::jsonb, $8, now() + $9 * interval '1 millisecond')`,
      [
        row.id,
        row.secretHash,
        row.person,
        [...roles],
        seen.address,
        printable(seen.browser),
        this.seals.sealTokens(tokens, row),
        expiresAt,
        this.lifeMs,
      ],
    );
    return secret;
  }

  async find(secret: string): Promise<LiveSession | null> {
    const [session] = await this.database.query<LiveSession>(
      `SELECT ${SESSION_COLUMNS} FROM session WHERE secret_hash = $2 AND ${IS_LIVE}`,
      [this.idleMs, hashOf(secret)],
    );
    return session ?? null;
  }

  /** Notes an action of the person: the idle time begins again. */
  async touch({ id, lastUsedAt }: LiveSession): Promise<void> {
    if (this.ageMs(lastUsedAt) < TOUCH_EVERY_MS) return;
    await this.database.query(
      `UPDATE session SET last_used_at = greatest(last_used_at, now()) WHERE id = $2 AND ${IS_LIVE}`,
      [this.idleMs, id],
    );
  }

  async setRoles({ id, roles: known }: LiveSession, roles: readonly Role[]): Promise<void> {
    if (known.length === roles.length && roles.every((role) => known.includes(role))) return;
    await this.database.query('UPDATE session SET roles = $2::text[] WHERE id = $1', [
      id,
      [...roles],
    ]);
  }

  nowMs(): number {
    return this.database.clock.now().getTime();
  }

  /** Returns the age of a moment in ms; infinite for none. */
  ageMs(moment: Date | null): number {
    return moment === null ? Infinity : this.nowMs() - moment.getTime();
  }

  /** Returns the live sessions of a person, or of all people; the newest first. */
  list(person: string | null): Promise<LiveSession[]> {
    return this.database.query<LiveSession>(
      `SELECT ${SESSION_COLUMNS} FROM session
        WHERE ${IS_LIVE} AND ($2::text IS NULL OR person = $2) ORDER BY created_at DESC LIMIT 500`,
      [this.idleMs, person],
    );
  }

  /** Ends sessions and removes their tokens. Returns the sessions ended here. */
  async end(
    sessions: readonly LiveSession[],
    by: string,
    because: EndCause,
  ): Promise<readonly EndedSession[]> {
    const rows = await this.database.query<EndedRow>(
      endSql({ which: 'id = ANY($1::uuid[])', by: '$2::text', because: '$3::text' }),
      [sessions.map(({ id }) => id), by, because],
    );
    return rows.map((row) => this.withTokens(row));
  }

  /** Ends sessions past their idle time or their life. Returns the sessions ended here. */
  async endOld(): Promise<readonly EndedSession[]> {
    const because = `CASE WHEN ends_at <= now() THEN 'life' ELSE 'idle' END`;
    const rows = await this.database.query<EndedRow>(
      endSql({ which: `NOT (${IS_LIVE})`, by: `'console'`, because }),
      [this.idleMs],
    );
    return rows.map((row) => this.withTokens(row));
  }

  /** Returns those of the given sessions that are live. */
  async liveAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ id: string }>(
      `SELECT id FROM session WHERE id = ANY($2::uuid[]) AND ${IS_LIVE}`,
      [this.idleMs, ids],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** The tokens are null if they are sealed with a key that is gone, or for another row. */
  private withTokens(row: EndedRow): EndedSession {
    const { id, person, by, because } = row;
    try {
      return { id, person, by, because, tokens: this.seals.openTokens(row.tokens, row) };
    } catch {
      return { id, person, by, because, tokens: null };
    }
  }
}

interface EndingSql {
  readonly which: string;
  readonly by: string;
  readonly because: string;
}

/** Ends sessions, and returns their rows as before: a refresh may have changed the tokens since they were read. */
function endSql({ which, by, because }: EndingSql): string {
  return `
    UPDATE session SET ended_at = greatest(clock_timestamp(), session.last_used_at), ended_by = before.by, ended_because = before.because, tokens = NULL
      FROM (SELECT ${SESSION_COLUMNS}, ${by} AS by, ${because} AS because FROM session WHERE ended_at IS NULL AND ${which} FOR UPDATE) AS before
     WHERE session.id = before.id RETURNING before.*`;
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_BROWSER);
}

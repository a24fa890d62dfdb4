import { Injectable } from '@nestjs/common';
import { Batcher } from '@sluice/runtime';
import { Database } from '@sluice/postgres';

/**
 * Request with a valid signature, to be checked for replay and against the key's limit per minute.
 */
export interface SignedAttempt {
  readonly signature: string;
  /** The request's own time, whole seconds. */
  readonly timestamp: number;
  readonly keyId: string;
  readonly rateLimit: number;
  /**
   * False for a forbidden address: the signature is used up, but the request does not count against
   * the key's limit.
   */
  readonly counts: boolean;
}

export type Admission = 'admitted' | 'signature_used' | 'rate_limited' | 'outside_window';

/** The window of the contract and half a minute: a request that passed an earlier check by an older reading of the clock, or was delayed since, is still admitted. */
const ADMIT_SECONDS = 300 + 30;
/**
 * Retention of a signature, far beyond the admission window: a swept signature is refused for age,
 * even after a clock change of less than the difference.
 */
const KEEP_SECONDS = ADMIT_SECONDS + 600;

/**
 * Replay store and per-key limit for all concurrent requests in a single statement. Both use the
 * database and the database's clock, shared by all instances. If the database is unavailable, the
 * request is refused.
 */
@Injectable()
export class AdmissionStore {
  private readonly batcher: Batcher<SignedAttempt, Admission>;

  constructor(private readonly database: Database) {
    this.batcher = new Batcher((attempts) => this.admitAll(attempts), { restsWhenBusy: true });
  }

  admit(attempt: SignedAttempt): Promise<Admission> {
    return this.batcher.add(attempt);
  }

  /**
   * Deletes signatures older than the retention, and counts after their minute. The last use of
   * each key is kept, to the minute: a single write for all keys, independent of the number of
   * requests.
   */
  async sweep(): Promise<void> {
    await this.database.query('SELECT forget_signatures($1)', [Math.ceil(KEEP_SECONDS / 60)]);
    await this.database.query(
      `WITH over AS (DELETE FROM rate_window WHERE minute < ${MINUTE_NOW} - 1 RETURNING key_id, minute)
       INSERT INTO api_key_use AS u (key_id, last_used_at) SELECT key_id, to_timestamp(max(minute) * 60.0) FROM over GROUP BY key_id ORDER BY key_id
       ON CONFLICT (key_id) DO UPDATE SET last_used_at = excluded.last_used_at WHERE u.last_used_at < excluded.last_used_at`,
    );
  }

  /**
   * Commits asynchronously: the effects of an admitted request are committed later on the same
   * server, and the ordered log brings the signature to disk first. A server crash forgets only
   * recent signatures without any effect.
   */
  private async admitAll(attempts: readonly SignedAttempt[]): Promise<Admission[]> {
    const [row] = await this.database.query<{
      fresh: string[] | null;
      used: Record<string, number> | null;
      late: string[] | null;
    }>(
      `WITH attempt AS (SELECT (stamp / 60)::int AS minute, signature, key_id, counts, abs(stamp - extract(epoch FROM clock_timestamp())) > $5 AS late
                        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bool[]) AS k (stamp, signature, key_id, counts)),
            fresh AS (INSERT INTO used_signature (minute, signature) SELECT minute, decode(signature, 'hex') FROM attempt WHERE NOT late ORDER BY 1, 2
                      ON CONFLICT DO NOTHING RETURNING encode(signature, 'hex') AS signature),
            counted AS (INSERT INTO rate_window (key_id, minute, used)
                        SELECT key_id, ${MINUTE_NOW}, count(DISTINCT signature) FROM attempt JOIN fresh USING (signature) WHERE counts GROUP BY key_id ORDER BY key_id
                        ON CONFLICT (key_id, minute) DO UPDATE SET used = rate_window.used + excluded.used RETURNING key_id, used)
       SELECT (SELECT array_agg(signature) FROM fresh) AS fresh, (SELECT json_object_agg(key_id, used) FROM counted) AS used,
              (SELECT array_agg(signature) FROM attempt WHERE late) AS late, set_config('synchronous_commit', 'off', true) AS commit`,
      [
        attempts.map((attempt) => attempt.timestamp),
        attempts.map((attempt) => attempt.signature),
        attempts.map((attempt) => attempt.keyId),
        attempts.map((attempt) => attempt.counts),
        ADMIT_SECONDS,
      ],
    );
    return admissions(
      attempts,
      new Set(row?.fresh ?? []),
      row?.used ?? {},
      new Set(row?.late ?? []),
    );
  }
}

const MINUTE_NOW = 'floor(extract(epoch FROM clock_timestamp()) / 60)::int';

/** Counts the requests of a key against the limit in order of arrival. */
function admissions(
  attempts: readonly SignedAttempt[],
  fresh: Set<string>,
  usedAfter: Readonly<Record<string, number>>,
  late: ReadonlySet<string>,
): Admission[] {
  const counted = Map.groupBy(
    attempts.filter((attempt) => attempt.counts && fresh.has(attempt.signature)),
    (attempt) => attempt.keyId,
  );
  const counts = new Map(
    [...counted].map(([keyId, group]) => [
      keyId,
      (usedAfter[keyId] ?? 0) - new Set(group.map((attempt) => attempt.signature)).size,
    ]),
  );
  return attempts.map((attempt) => {
    if (late.has(attempt.signature)) return 'outside_window';
    if (!fresh.delete(attempt.signature)) return 'signature_used';
    if (!attempt.counts) return 'admitted';
    const count = (counts.get(attempt.keyId) ?? 0) + 1;
    counts.set(attempt.keyId, count);
    return count > attempt.rateLimit ? 'rate_limited' : 'admitted';
  });
}

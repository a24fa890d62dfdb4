import { Injectable } from '@nestjs/common';
import { Database, forAllAccounts } from '@sluice/postgres';
import { BackgroundLoop, Batcher } from '@sluice/runtime';
import { InjectLogger, type Logger, LoopingService } from '@sluice/service-shell';
import { SignatureReleases } from './signature-use.js';

/** Request with a valid signature, not yet checked for replay and against the key's limit. */
export interface SignedAttempt {
  readonly signature: string;
  readonly timestamp: number;
  readonly keyId: string;
  readonly rateLimit: number;
  /** False for a forbidden address: only the signature is used up. */
  readonly counts: boolean;
}

export type Admission = 'admitted' | 'signature_used' | 'rate_limited' | 'outside_window';

/** The window of the contract and half a minute: a request that passed an earlier check by an older reading of the clock, or was delayed since, is still admitted. */
const ADMIT_SECONDS = 300 + 30;
/** Retention of signatures: far beyond the admission window, for clock changes in between. */
const KEEP_SECONDS = ADMIT_SECONDS + 600;

/**
 * Replay store and per-key limit, by the database's clock and in one statement for all concurrent
 * requests.
 */
@Injectable()
export class AdmissionStore {
  private readonly batcher: Batcher<SignedAttempt, Admission>;
  private readonly leases = new RateLeases();
  private readonly releases: SignatureReleases;

  constructor(private readonly database: Database) {
    this.releases = new SignatureReleases(database);
    this.batcher = new Batcher((attempts) => forAllAccounts(() => this.admitAll(attempts)), {
      restsWhenBusy: true,
    });
  }

  admit(attempt: SignedAttempt): Promise<Admission> {
    return this.batcher.add(attempt);
  }

  /** Makes the signature of a request that stored nothing new again. Never rejects. */
  release(attempt: SignedAttempt): Promise<void> {
    return this.releases.release(attempt);
  }

  /** Deletes old signatures and counts, and keeps each key's last use, to the minute. */
  async sweep(): Promise<void> {
    await this.database.query('SELECT forget_signatures($1)', [Math.ceil(KEEP_SECONDS / 60)]);
    await this.database.query(
      `WITH over AS (DELETE FROM rate_window WHERE minute < ${MINUTE_NOW} - 1 RETURNING key_id, minute)
       INSERT INTO api_key_use AS u (key_id, last_used_at) SELECT key_id, to_timestamp(max(minute) * 60.0) FROM over GROUP BY key_id ORDER BY key_id
       ON CONFLICT (key_id) DO UPDATE SET last_used_at = excluded.last_used_at WHERE u.last_used_at < excluded.last_used_at`,
    );
  }

  /** Commits asynchronously: a later commit of an effect brings the signature to disk first. */
  private async admitAll(attempts: readonly SignedAttempt[]): Promise<Admission[]> {
    await this.releases.repeat(); // an equal request may be among the attempts
    const limits = new Map(attempts.map(({ keyId, rateLimit }) => [keyId, rateLimit]));
    const keyIds = [...limits.keys()];
    const [row] = await this.database.query<AdmittedRow>(ADMIT, [
      attempts.map((attempt) => attempt.timestamp),
      attempts.map((attempt) => attempt.signature),
      attempts.map((attempt) => attempt.keyId),
      attempts.map((attempt) => attempt.counts),
      ADMIT_SECONDS,
      keyIds,
      keyIds.map((keyId) => this.leases.left(keyId)),
      [...limits.values()].map(reservedAhead),
      this.leases.minute,
      this.releases.newKey(attempts),
    ]);
    if (!row) throw new Error('the admission has no answer');
    const fresh = new Set(row.fresh);
    this.leases.enter(row.minute);
    const counted = countedByKey(attempts, fresh);
    for (const [keyId, count] of counted) {
      const missing = count - this.leases.left(keyId);
      if (missing <= 0) continue;
      const ahead = reservedAhead(limits.get(keyId) ?? 0);
      this.leases.reserve(keyId, { used: row.used?.[keyId] ?? 0, count: missing + ahead });
    }
    const late = new Set(row.late);
    const answers = admissions(attempts, fresh, late, (keyId) => this.leases.next(keyId));
    for (const [index, attempt] of attempts.entries())
      if (answers[index] === 'signature_used') this.releases.forget(attempt);
    return answers;
  }
}

interface AdmittedRow {
  readonly fresh: string[] | null;
  readonly late: string[] | null;
  /** Counts of the keys with a reservation, after the reservation. */
  readonly used: Record<string, number> | null;
  readonly minute: number;
}

const MINUTE_NOW = 'floor(extract(epoch FROM clock_timestamp()) / 60)::int';

// $6 to $8: the keys, their reserved numbers, and the numbers to reserve ahead. $9: minute of the reserved numbers. $10: hash of the secret that releases the signatures.
const ADMIT = `
  WITH moment AS MATERIALIZED (SELECT extract(epoch FROM clock_timestamp()) AS now, ${MINUTE_NOW} AS minute),
       attempt AS (SELECT (stamp / 60)::int AS minute, signature, key_id, counts, abs(stamp - now) > $5 AS late
                   FROM moment, unnest($1::bigint[], $2::text[], $3::text[], $4::bool[]) AS k (stamp, signature, key_id, counts)),
       fresh AS (INSERT INTO used_signature (minute, signature, released_by) SELECT minute, decode(signature, 'hex'), $10::bytea FROM attempt WHERE NOT late ORDER BY 1, 2
                 ON CONFLICT DO NOTHING RETURNING encode(signature, 'hex') AS signature),
       wanted AS (SELECT key_id, count(DISTINCT signature)::int AS used FROM attempt JOIN fresh USING (signature) WHERE counts GROUP BY key_id),
       missing AS (SELECT key_id, moment.minute, used - CASE WHEN moment.minute = $9::int THEN reserved ELSE 0 END AS used, ahead
                   FROM moment, wanted JOIN unnest($6::text[], $7::int[], $8::int[]) AS lease (key_id, reserved, ahead) USING (key_id)),
       counted AS (INSERT INTO rate_window (key_id, minute, used)
                   SELECT key_id, minute, used + ahead FROM missing WHERE used > 0 ORDER BY key_id
                   ON CONFLICT (key_id, minute) DO UPDATE SET used = rate_window.used + excluded.used RETURNING key_id, used)
  SELECT (SELECT array_agg(signature) FROM fresh) AS fresh, (SELECT json_object_agg(key_id, used) FROM counted) AS used,
         (SELECT array_agg(signature) FROM attempt WHERE late) AS late, (SELECT minute FROM moment) AS minute,
         set_config('synchronous_commit', 'off', true) AS commit`;

/** Number of new signatures that count against the limit of their key. */
function countedByKey(
  attempts: readonly SignedAttempt[],
  fresh: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const counted = attempts.filter(({ counts, signature }) => counts && fresh.has(signature));
  const byKey = Map.groupBy(counted, ({ keyId }) => keyId);
  return new Map(
    [...byKey].map(([keyId, group]) => [
      keyId,
      new Set(group.map(({ signature }) => signature)).size,
    ]),
  );
}

/** Numbers the requests of a key in order of arrival, and refuses the numbers above the limit. */
function admissions(
  attempts: readonly SignedAttempt[],
  fresh: Set<string>,
  late: ReadonlySet<string>,
  nextNumber: (keyId: string) => number,
): Admission[] {
  return attempts.map((attempt) => {
    if (late.has(attempt.signature)) return 'outside_window';
    if (!fresh.delete(attempt.signature)) return 'signature_used';
    if (!attempt.counts) return 'admitted';
    return nextNumber(attempt.keyId) > attempt.rateLimit ? 'rate_limited' : 'admitted';
  });
}

/** Share of a key's limit reserved ahead, and the largest reservation. */
const [SHARE, LARGEST] = [50, 500];

/** Number of requests to reserve ahead: none for a small limit, which is therefore kept exactly. */
export function reservedAhead(rateLimit: number): number {
  return Math.min(Math.floor(rateLimit / SHARE), LARGEST);
}

/**
 * Numbers of requests reserved ahead in `rate_window`: one update serves many requests. Unused
 * numbers are lost, which lowers the limit by at most a fiftieth per instance, and never raises it.
 */
export class RateLeases {
  private readonly numbers = new Map<string, number[]>();
  private current = -1;

  /** Minute of the leases, by the database's clock. */
  get minute(): number {
    return this.current;
  }

  /** Number of the key's requests without a need for a reservation, in the minute of the leases. */
  left(keyId: string): number {
    return this.numbers.get(keyId)?.length ?? 0;
  }

  /** Drops the leases of another minute. */
  enter(minute: number): void {
    if (minute === this.current) return;
    this.numbers.clear();
    this.current = minute;
  }

  /** Adds a reservation of `count` numbers; `used` is the last of them. */
  reserve(keyId: string, { used, count }: { readonly used: number; readonly count: number }): void {
    const added = Array.from({ length: count }, (_, index) => used - count + 1 + index);
    this.numbers.set(keyId, [...(this.numbers.get(keyId) ?? []), ...added]);
  }

  /** Returns the next number. Throws if no number is reserved. */
  next(keyId: string): number {
    const number = this.numbers.get(keyId)?.shift();
    if (number === undefined) throw new Error(`no request of the key ${keyId} is reserved`);
    return number;
  }
}

const SWEEP_MS = 30_000;

/** Deletes expired entries of the replay store every 30 s for as long as the service runs. */
@Injectable()
export class AdmissionSweep extends LoopingService {
  protected readonly loop: BackgroundLoop;

  constructor(admission: AdmissionStore, @InjectLogger() logger: Logger) {
    super();
    this.loop = BackgroundLoop.every(SWEEP_MS, 'sweep of the replay store', logger, () =>
      admission.sweep(),
    );
  }
}

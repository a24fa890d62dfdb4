import { Injectable } from '@nestjs/common';
import { Database, forAllAccounts } from '@sluice/postgres';
import { BackgroundLoop, Batcher } from '@sluice/runtime';
import { InjectLogger, type Logger, LoopingService } from '@sluice/service-shell';
import {
  ADMIT_SECONDS,
  type Admission,
  judgeReplays,
  PendingAdmission,
  type SignedAttempt,
  STORE_NEW,
  STORED_NEW,
  type StoredNew,
} from './pending-admission.js';
import { SignatureReleases } from './signature-use.js';

const MINUTE_NOW = 'floor(extract(epoch FROM clock_timestamp()) / 60)::int';
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

  /**
   * Leaves the storing of the signature to the caller; null without a reserved number of the
   * present minute, or while the signature may wait for its release.
   */
  putOff(attempt: SignedAttempt): PendingAdmission | null {
    const { keyId, rateLimit } = attempt;
    const minute = Math.floor(this.database.clock.now().getTime() / 60_000);
    if (this.releases.areWaiting || minute !== this.leases.minute) return null;
    const number = this.leases.takeWithin(keyId, rateLimit);
    if (number === null) return null;
    return new PendingAdmission({ ...attempt, counts: false }, () =>
      this.leases.giveBack(keyId, minute, [number]),
    );
  }

  /** Admits a request by itself whose number is taken already. */
  async admitPending(pending: PendingAdmission): Promise<Admission> {
    const admission = await this.admit(pending.attempt);
    pending.settle(admission);
    return admission;
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
    const counting = attempts.filter(({ counts }) => counts);
    const limits = new Map(counting.map(({ keyId, rateLimit }) => [keyId, rateLimit]));
    const asking = countedByKey(counting);
    const { minute } = this.leases;
    const held = asking.map(([keyId, count]) => this.leases.take(keyId, count));
    const [row] = await this.database.query<AdmittedRow>(ADMIT, [
      attempts.map(({ timestamp }) => timestamp),
      attempts.map(({ signature }) => signature),
      ADMIT_SECONDS,
      this.releases.newKey(attempts),
      counting.map(({ signature }) => signature),
      counting.map(({ keyId }) => keyId),
      asking.map(([keyId]) => keyId),
      held.map((numbers) => numbers.length),
      asking.map(([keyId]) => reservedAhead(limits.get(keyId) ?? 0)),
      minute,
    ]);
    if (!row) throw new Error('the admission has no answer');
    this.leases.enter(row.minute);
    asking.forEach(([keyId], at) => {
      this.leases.giveBack(keyId, minute, held[at] ?? []);
      this.leases.giveBack(keyId, row.minute, row.reserved?.[keyId] ?? []);
    });
    return judgeReplays(attempts, row).map((judged, at) => {
      const attempt = attempts[at];
      if (judged === 'signature_used' && attempt) this.releases.forget(attempt);
      if (judged !== 'admitted' || !attempt?.counts) return judged;
      return this.leases.next(attempt.keyId) > attempt.rateLimit ? 'rate_limited' : 'admitted';
    });
  }
}

interface AdmittedRow extends StoredNew {
  /** Numbers of the new reservations, by key. */
  readonly reserved: Record<string, number[]> | null;
  readonly minute: number;
}

// $5, $6: signatures and keys that count. $7 to $9: the keys, their reserved numbers, and the numbers to reserve ahead. $10: minute of the reserved numbers.
const ADMIT = `${STORE_NEW},
       wanted AS (SELECT key_id, count(DISTINCT signature)::int AS used FROM unnest($5::text[], $6::text[]) AS counting (signature, key_id) JOIN fresh USING (signature) GROUP BY key_id),
       missing AS (SELECT key_id, moment.minute, used - CASE WHEN moment.minute = $10::int THEN reserved ELSE 0 END AS used, ahead
                   FROM moment, wanted JOIN unnest($7::text[], $8::int[], $9::int[]) AS lease (key_id, reserved, ahead) USING (key_id)),
       counted AS (INSERT INTO rate_window (key_id, minute, used)
                   SELECT key_id, minute, used + ahead FROM missing WHERE used > 0 ORDER BY key_id
                   ON CONFLICT (key_id, minute) DO UPDATE SET used = rate_window.used + excluded.used RETURNING key_id, used)
  SELECT ${STORED_NEW}, (SELECT minute FROM moment) AS minute, set_config('synchronous_commit', 'off', true) AS commit,
         (SELECT json_object_agg(key_id, array(SELECT generate_series(c.used - m.used - m.ahead + 1, c.used))) FROM counted c JOIN missing m USING (key_id)) AS reserved`;

/** Number of signatures of each key. */
function countedByKey(attempts: readonly SignedAttempt[]): readonly [string, number][] {
  return [...Map.groupBy(attempts, ({ keyId }) => keyId)].map(([keyId, { length }]) => [
    keyId,
    length,
  ]);
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

  /** Drops the leases of another minute. */
  enter(minute: number): void {
    if (minute === this.current) return;
    this.numbers.clear();
    this.current = minute;
  }

  /** Takes up to `count` numbers, the lowest first. */
  take(keyId: string, count: number): readonly number[] {
    return this.numbers.get(keyId)?.splice(0, count) ?? [];
  }

  /** Takes the next number, unless it exceeds the limit or is missing. */
  takeWithin(keyId: string, limit: number): number | null {
    const next = this.numbers.get(keyId)?.[0];
    return next === undefined || next > limit ? null : this.next(keyId);
  }

  /** Adds reserved numbers or numbers not used, if they are of the present minute. */
  giveBack(keyId: string, minute: number, numbers: readonly number[]): void {
    if (minute !== this.current || numbers.length === 0) return;
    const all = [...(this.numbers.get(keyId) ?? []), ...numbers];
    this.numbers.set(
      keyId,
      all.sort((a, b) => a - b),
    );
  }

  /** Returns the next number. Throws if no number is reserved. */
  next(keyId: string): number {
    const [number] = this.take(keyId, 1);
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

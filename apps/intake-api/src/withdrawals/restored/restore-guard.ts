import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Message, VenueEvents } from '@sluice/messages';
import { CommitUnknownError, type Tx, UnitOfWork, untilReachable } from '@sluice/postgres';
import { BackgroundLoop, monotonicMs } from '@sluice/runtime';
import { Check, Health, InjectLogger, type Logger } from '@sluice/service-shell';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import { eventsOf, type VenueEvent, type VenueEventKeeper } from '../../wire/venue-event.js';
import { reportUnclaimedMessage } from '../../wire/wire.js';
import { EndedBefore, MOST_READ } from './ended-before.js';
import { allHeld, HAS_NOT_READ, holdsOf, NO_HOLDS, type OrderHolds } from './order-holds.js';
import { type PublishedEnds, PublishedPosition } from './published-position.js';

const BEAT_MS = 5_000;
/** Three beats: a later beat begins a restore. */
const CHECKED_EVERY_MS = 15_000;
/** A signature of the future end of the window is valid for twice the window after its first use. */
const SIGNATURES_GOOD_FOR_MS = 605_000;

interface Life {
  readonly restored: string | null;
  readonly alive_us: number;
  /** The published events have not been read since the restore. */
  readonly steps_unread: boolean;
  /** Start after a time without a sign of life, if this time is the only sign of a restore. */
  readonly paused_until: Date | null;
}

interface Beat extends Life {
  readonly since: Date;
  /** Used signatures were lost, and some are still inside the allowed window. */
  readonly forgets: boolean;
  /** Withdrawals were lost, and are not yet on record again. */
  readonly recovering: boolean;
  readonly log_ends: PublishedEnds | null;
}

interface Gate extends Life {
  readonly suspects: boolean;
}

/**
 * Detects a restore of the database. The last sign of life comes from another server, timeline or
 * database, or is older than the time seen by this process. At a start, it may also be more than 15
 * seconds old: then the database is compared with the logs published from it, and equal positions
 * show that the service was only down. After a restore no order is sent to a venue before the
 * other venues of the route have read their records again (`venue.report-unclaimed.v1`). The
 * requests are repeated until each venue has answered. After an outage only orders requested before
 * the start wait for this: a restore of both database and Kafka looks the same. No order is sent at all before withdrawals
 * told to be failed or cancelled are cancelled again. No new request is taken before lost
 * withdrawals are on record again.
 */
@Injectable()
export class RestoreGuard implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: BackgroundLoop;
  private readonly check: Check;
  private seenUs = 0;
  /** Discontinuities of the database seen by this process. */
  private generation: number;
  private forgetsUntilMs = 0;
  private isForgetful = true;
  private isRecovering = true;
  /** Discontinuities seen before the last sign of life. */
  private beatGeneration = 0;
  private restored: string | null = null;
  /** Read before a sign of life, and stored with it: the database contains every earlier record. */
  private ends: PublishedEnds | null = null;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(EndedBefore) private readonly endedBefore: Pick<EndedBefore, 'cancelAgain'>,
    @Inject(PublishedPosition)
    private readonly position: Pick<PublishedPosition, 'ends' | 'recordsAfter'>,
    @InjectLogger() private readonly logger: Logger,
    health: Health,
  ) {
    this.check = health.watch(new Check({ name: 'restore guard', everyMs: CHECKED_EVERY_MS }));
    this.generation = unitOfWork.database.continuity.generation;
    this.loop = new BackgroundLoop(
      'guard of restores',
      logger,
      () => this.beat(false).then(() => BEAT_MS),
      { afterFaultMs: 1_000 },
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    await untilReachable(
      () => this.beat(true),
      (error) =>
        this.logger.warn(
          { err: error },
          'the check for a restored database waits for the database',
        ),
    );
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  async beat(isStart: boolean): Promise<void> {
    // read before the query: a later discontinuity needs another sign of life
    const { generation, identity } = this.unitOfWork.database.continuity;
    const [life] = await this.unitOfWork.database.query<Beat>(BEAT, [
      this.seenUs,
      isStart,
      identity || null,
      this.ends && JSON.stringify(this.ends),
    ]);
    if (!life) return;
    this.seenUs = life.alive_us;
    this.isForgetful = life.steps_unread || life.forgets;
    this.isRecovering = life.steps_unread || life.recovering;
    this.beatGeneration = generation;
    this.check.completed();
    if (life.restored !== null && life.restored !== this.restored)
      this.logger.warn(
        { life: life.restored },
        life.paused_until
          ? 'the service was down for a while: orders wait until the database is compared with the published logs'
          : 'the database was restored: orders wait until the other venues of their routes have read their records',
      );
    this.restored = life.restored;
    // Kafka is read by the loop, not at the start of the process
    if (isStart) return;
    if (life.restored !== null && life.steps_unread) await this.readSteps(life, life.restored);
    else if (life.restored === null || life.paused_until) this.ends = await this.position.ends();
    if (life.restored !== null) await this.ask();
  }

  /**
   * Withdrawals to be held back now. Throws a database fault after a restore: consumers take the
   * events again after the next beat.
   */
  async holds(
    tx: Tx,
    stored: () => Iterable<StoredWithdrawal> | Promise<Iterable<StoredWithdrawal>>,
  ): Promise<OrderHolds> {
    // read before the query: a concurrent beat is later than the query's snapshot
    const { seenUs } = this;
    const [gate] = await tx.query<Gate>(GATE);
    if (!gate) return NO_HOLDS;
    if (gate.alive_us < seenUs)
      throw new CommitUnknownError(
        'the database was put back: nothing is given to a venue before the next beat',
      );
    if (gate.restored === null && !gate.suspects) return NO_HOLDS;
    return gate.steps_unread
      ? allHeld(await stored())
      : holdsOf(tx, await stored(), { life: gate.restored, before: gate.paused_until });
  }

  /**
   * True if used signatures may be lost: a signed request without a client reference could be
   * repeated by a listener, and be paid twice.
   */
  mayForgetSignatures(): boolean {
    const { generation } = this.unitOfWork.database.continuity;
    if (generation !== this.generation) {
      this.generation = generation;
      this.forgetsUntilMs = monotonicMs() + SIGNATURES_GOOD_FOR_MS;
    }
    return this.isForgetful || monotonicMs() < this.forgetsUntilMs;
  }

  /** True while withdrawals may be lost: a repeated request would be taken as a new one. */
  mayHaveLost(): boolean {
    return (
      this.isRecovering || this.unitOfWork.database.continuity.generation !== this.beatGeneration
    );
  }

  /** Compares the database with the published events. */
  private async readSteps(
    { since, paused_until: pausedUntil, log_ends: ends }: Beat,
    life: string,
  ): Promise<void> {
    const later = pausedUntil && (await this.position.recordsAfter(ends, MOST_READ));
    const isBehind = await this.endedBefore.cancelAgain(since, later);
    const wasDown = later !== null && !isBehind;
    await this.unitOfWork.database.query(STEPS_READ, [
      life,
      isBehind,
      SIGNATURES_GOOD_FOR_MS,
      wasDown,
    ]);
    this.isForgetful &&= isBehind;
    this.isRecovering = isBehind;
    if (wasDown)
      this.logger.info(
        {},
        'the database has every published event: only orders of before the outage wait for venues',
      );
  }

  /** Publishes the requests from one instance every ten seconds, until every venue has answered. */
  private async ask(): Promise<void> {
    const waiting = await this.unitOfWork.run(async (tx) => {
      const [asked] = await tx.query<{ restored: string; since: Date }>(ASK);
      if (!asked) return null;
      const unread = await tx.query<{ venue: string }>(UNREAD, [asked.restored]);
      const at = await tx.now();
      const question = { life: asked.restored, since: asked.since.toISOString() };
      tx.publish(...unread.map(({ venue }) => reportUnclaimedMessage(venue, question, at)));
      if (unread.length === 0) await tx.query(OVER, [asked.restored]);
      return unread.map(({ venue }) => venue);
    });
    if (waiting === null) return;
    if (waiting.length === 0)
      this.logger.info(
        {},
        'every venue has read its record since the restore: no order waits for it',
      );
    else this.logger.info({ waiting }, 'orders wait until these venues have read their records');
  }
}

/** Ends a restore after every venue paying to addresses has read its record. */
async function endRestore(tx: Tx, life: string): Promise<void> {
  const unread = await tx.query(UNREAD, [life]);
  if (unread.length === 0) await tx.query(OVER, [life]);
}

const STEPS_UNREAD = 'l.restored IS NOT NULL AND l.steps_read IS DISTINCT FROM l.restored';

const WENT_BACK = `((extract(epoch FROM l.alive_at) * 1000000)::float8 < $1::float8 OR coalesce(l.identity <> $3::text, false))`;
const WAS_PAUSED = `($2::boolean AND l.alive_at < clock_timestamp() - interval '15 seconds')`;

/** Lost withdrawals are looked for during 15 minutes after a restore. */
const RECOVERING = `l.behind AND l.began_at > clock_timestamp() - interval '15 minutes'`;

// $1: last time seen by this process, in microseconds. $2: true at the start of the process. $3: identity of the database. $4: ends of the published logs.
const BEAT = `
  INSERT INTO life AS l (alive_at, identity, log_ends) VALUES (clock_timestamp(), $3::text, $4::jsonb)
  ON CONFLICT (only_row) DO UPDATE SET
    restored = CASE WHEN ${WENT_BACK} OR ${WAS_PAUSED} THEN gen_random_uuid() ELSE l.restored END,
    since = CASE WHEN l.restored IS NULL THEN l.alive_at - interval '1 minute' ELSE least(l.since, l.alive_at - interval '1 minute') END,
    paused_until = CASE WHEN ${WENT_BACK} THEN NULL WHEN ${WAS_PAUSED} THEN CASE WHEN l.restored IS NULL OR l.paused_until IS NOT NULL THEN clock_timestamp() END ELSE l.paused_until END,
    log_ends = CASE WHEN (l.restored IS NULL OR l.paused_until IS NOT NULL AND l.steps_read = l.restored) AND NOT ${WENT_BACK} AND NOT ${WAS_PAUSED} THEN coalesce($4::jsonb, l.log_ends) ELSE l.log_ends END,
    asked_at = CASE WHEN ${WENT_BACK} OR $2::boolean THEN NULL ELSE l.asked_at END,
    began_at = CASE WHEN ${WENT_BACK} THEN clock_timestamp() ELSE l.began_at END,
    identity = coalesce($3::text, l.identity),
    alive_at = greatest(l.alive_at, clock_timestamp())
  RETURNING restored::text, since, paused_until, log_ends, ${STEPS_UNREAD} AS steps_unread, coalesce(l.forgets_until > clock_timestamp(), false) AS forgets, coalesce(${RECOVERING}, false) AS recovering, (extract(epoch FROM alive_at) * 1000000)::float8 AS alive_us`;

const GATE = `
  SELECT l.restored::text, l.paused_until, coalesce(${STEPS_UNREAD}, false) AS steps_unread, (extract(epoch FROM l.alive_at) * 1000000)::float8 AS alive_us,
         EXISTS (SELECT FROM venue_payment WHERE closed_at IS NULL) AS suspects
    FROM (SELECT 1) AS one LEFT JOIN life l ON true`;

const ASK = `
  UPDATE life SET asked_at = clock_timestamp()
   WHERE restored IS NOT NULL AND (asked_at IS NULL OR asked_at < clock_timestamp() - interval '9 seconds')
  RETURNING restored::text, since`;

const UNREAD = `SELECT DISTINCT r.venue FROM route r WHERE ${HAS_NOT_READ} ORDER BY r.venue`;

const OVER = `
  WITH over AS (UPDATE life SET restored = NULL, asked_at = NULL WHERE restored = $1::uuid AND steps_read = restored RETURNING 1)
  UPDATE recovery SET repeat_all = true, next_run_at = clock_timestamp() WHERE EXISTS (SELECT FROM over)`;

const STEPS_READ = `
  WITH read AS (
    UPDATE life SET steps_read = restored, behind = behind OR $2::boolean,
           paused_until = CASE WHEN $4::boolean THEN paused_until END,
           began_at = CASE WHEN paused_until IS NOT NULL AND NOT $4::boolean THEN clock_timestamp() ELSE began_at END,
           forgets_until = CASE WHEN $2::boolean THEN greatest(forgets_until, clock_timestamp() + $3::float8 * interval '1 millisecond') ELSE forgets_until END
     WHERE restored = $1::uuid RETURNING 1),
  soon AS (UPDATE ledger_comparison SET next_run_at = clock_timestamp() WHERE $2::boolean AND EXISTS (SELECT FROM read))
  UPDATE recovery SET repeat_all = true, next_run_at = clock_timestamp() WHERE EXISTS (SELECT FROM read)`;

type UnclaimedEvent = Extract<Message<VenueEvents>, { type: 'venue.unclaimed.v1' }>;

/**
 * Stores payments that venues cannot attribute, and the venues with a read record since a restore.
 */
@Injectable()
export class KeepUnclaimed implements VenueEventKeeper {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async take(batch: readonly VenueEvent[]): Promise<void> {
    for (const event of eventsOf(batch, 'venue.unclaimed.v1')) await this.keep(event);
  }

  /** Stores a report. A repeated payment updates the stored row and may be closed by now. */
  private keep({ data: { venue, unclaimed, life } }: UnclaimedEvent): Promise<void> {
    return this.unitOfWork.run(async (tx) => {
      if (unclaimed.length > 0) await tx.query(KEEP, [venue, JSON.stringify(unclaimed)]);
      if (life === undefined) return;
      await tx.query(HAS_READ, [venue, life]);
      await endRestore(tx, life);
    });
  }
}

// A submission with a withdrawal on record was not lost.
const KEEP = `
  INSERT INTO venue_payment AS v (venue, record, client_reference, payment_key, made_at, closed_at)
  SELECT DISTINCT ON (p.record) $1, p.record, p."clientReference", p.payment, p."madeAt", CASE WHEN p.closed THEN clock_timestamp() END
    FROM json_to_recordset($2::json) AS p(record text, "clientReference" text, payment text, "madeAt" timestamptz, closed boolean, "withdrawalId" uuid)
   WHERE p."withdrawalId" IS NULL OR NOT EXISTS (SELECT FROM withdrawal w WHERE w.id = p."withdrawalId")
   ORDER BY p.record
  ON CONFLICT (venue, record) DO UPDATE
    SET payment_key = excluded.payment_key, closed_at = CASE WHEN excluded.closed_at IS NULL THEN NULL ELSE coalesce(v.closed_at, excluded.closed_at) END`;

const HAS_READ = `
  INSERT INTO venue_read (venue, life) VALUES ($1, $2::uuid)
  ON CONFLICT (venue) DO UPDATE SET life = excluded.life, read_at = clock_timestamp()`;

import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BackgroundLoop } from '@sluice/background';
import {
  CommitUnknownError,
  Database,
  UnitOfWork,
  untilReachable,
  type Tx,
} from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { reportUnclaimedMessage } from '../wire.js';
import type { StoredWithdrawal } from '../withdrawal-store.js';
import { HAS_NOT_READ, holdsOf, NO_HOLDS, type OrderHolds } from './order-holds.js';

const BEAT_MS = 5_000;

interface Life {
  readonly restored: string | null;
  readonly alive_us: number;
}

interface Gate extends Life {
  readonly suspects: boolean;
}

/**
 * Finds that the database was restored: the time at which a process was last alive is 15 seconds old at a start, or is older than this
 * process has seen it. From then on no order goes to a venue before the other venues of its route have read their records once more
 * (`venue.report-unclaimed.v1`). The questions are repeated until each venue has answered.
 */
@Injectable()
export class RestoreGuard implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: BackgroundLoop;
  private seenUs = 0;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.loop = BackgroundLoop.every(BEAT_MS, 'guard of restores', logger, () => this.beat(false));
  }

  async onApplicationBootstrap(): Promise<void> {
    await untilReachable(
      () => this.beat(true),
      (error) => this.logger.warn({ err: error }, 'the guard of restores waits for the database'),
    );
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  /** Writes that a process is alive, and asks the venues while a restore is not over. */
  async beat(isStart: boolean): Promise<void> {
    const [life] = await this.database.query<Life & { is_new: boolean }>(BEAT, [
      this.seenUs,
      isStart,
    ]);
    if (!life) return;
    this.seenUs = life.alive_us;
    if (life.is_new)
      this.logger.warn(
        { life: life.restored },
        'no process was alive for a while, or the database was put back: no order goes to a venue until the other venues of its route have read their records',
      );
    if (life.restored !== null) await this.ask();
  }

  /**
   * Which of these may not be given to their venues now. One query while nothing is suspected. After the database was put back it throws what
   * counts as a fault of the database, so that a consumer takes its events once more after the next beat.
   */
  async holds(
    tx: Tx,
    stored: () => Iterable<StoredWithdrawal> | Promise<Iterable<StoredWithdrawal>>,
  ): Promise<OrderHolds> {
    const { seenUs } = this; // before the query: a beat that comes meanwhile is later than what the query sees
    const [gate] = await tx.query<Gate>(GATE);
    if (!gate) return NO_HOLDS;
    if (gate.alive_us < seenUs)
      throw new CommitUnknownError(
        'the database was put back: nothing is given to a venue before the next beat',
      );
    if (gate.restored === null && !gate.suspects) return NO_HOLDS;
    return holdsOf(tx, await stored(), gate.restored);
  }

  /** One instance asks, every ten seconds; the restore is over when every venue of a route has answered. */
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
      this.logger.info({}, 'every venue has read its record since the restore: orders go on');
    else this.logger.info({ waiting }, 'orders wait until these venues have read their records');
  }
}

/** A restore is over once every venue that pays to addresses has read its record; what waited is asked about at once. */
export async function endRestore(tx: Tx, life: string): Promise<void> {
  const unread = await tx.query(UNREAD, [life]);
  if (unread.length === 0) await tx.query(OVER, [life]);
}

// $1: what this process has seen last, in microseconds. $2: it starts.
const BEAT = `
  INSERT INTO life AS l (alive_at) VALUES (clock_timestamp())
  ON CONFLICT (only_row) DO UPDATE SET
    restored = CASE WHEN (extract(epoch FROM l.alive_at) * 1000000)::float8 < $1::float8 OR ($2::boolean AND l.alive_at < clock_timestamp() - interval '15 seconds')
                    THEN gen_random_uuid() ELSE l.restored END,
    since = CASE WHEN l.restored IS NULL THEN l.alive_at - interval '1 minute' ELSE least(l.since, l.alive_at - interval '1 minute') END,
    asked_at = CASE WHEN (extract(epoch FROM l.alive_at) * 1000000)::float8 < $1::float8 OR $2::boolean THEN NULL ELSE l.asked_at END,
    began_at = CASE WHEN (extract(epoch FROM l.alive_at) * 1000000)::float8 < $1::float8 OR ($2::boolean AND l.alive_at < clock_timestamp() - interval '15 seconds')
                    THEN clock_timestamp() ELSE l.began_at END,
    alive_at = greatest(l.alive_at, clock_timestamp())
  RETURNING restored::text, (extract(epoch FROM alive_at) * 1000000)::float8 AS alive_us, coalesce(began_at > clock_timestamp() - interval '1 second', false) AS is_new`;

const GATE = `
  SELECT l.restored::text, (extract(epoch FROM l.alive_at) * 1000000)::float8 AS alive_us,
         EXISTS (SELECT FROM venue_payment WHERE closed_at IS NULL) AS suspects
    FROM (SELECT 1) AS one LEFT JOIN life l ON true`;

const ASK = `
  UPDATE life SET asked_at = clock_timestamp()
   WHERE restored IS NOT NULL AND (asked_at IS NULL OR asked_at < clock_timestamp() - interval '9 seconds')
  RETURNING restored::text, since`;

const UNREAD = `SELECT DISTINCT r.venue FROM route r WHERE ${HAS_NOT_READ} ORDER BY r.venue`;

const OVER = `
  WITH over AS (UPDATE life SET restored = NULL, asked_at = NULL WHERE restored = $1::uuid RETURNING 1)
  UPDATE recovery SET repeat_all = true, next_run_at = clock_timestamp() WHERE EXISTS (SELECT FROM over)`;

import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { monotonicMs } from '@sluice/runtime';
import { Database } from '@sluice/postgres';

const LOOK_AGAIN_MS = 1_000;
/** Interval of the query at rest: finds the submissions of a lost notification. */
const LOOK_AT_REST_MS = 5_000;
/** Time without any submission after which the connector is at rest. */
const AT_REST_AFTER_MS = 10_000;
/** Interval between two notifications: shorter than `AT_REST_AFTER_MS`. */
const NOTIFY_AGAIN_MS = 5_000;
const CHANNEL = 'submissions_under_way';

/**
 * Predicates of indexes: the cost of the query does not depend on the number of ended submissions.
 */
const UNFINISHED = [
  "state = 'prepared'",
  "state IN ('sending','repeating')",
  "state = 'refusing'",
  "state IN ('unknown','undecided')",
  "state = 'accepted'",
];

const ANY = `SELECT ${UNFINISHED.map((is) => `EXISTS (SELECT FROM submission WHERE ${is})`).join(' OR ')} AS any`;

const NOTIFY = 'SELECT pg_notify($1, $2)';

/**
 * Knows if any submission is unfinished. While none is, the polling loops run no other query: an
 * idle connector would otherwise run dozens of queries per second. Submissions begun by another
 * instance are known within a second, own submissions at once. At rest a notification of the other
 * instance replaces the frequent query; a lost notification costs at most five seconds.
 */
@Injectable()
export class UnderWay implements OnApplicationBootstrap {
  private readonly instance = randomUUID();
  private answer = true;
  private answeredAt = -Infinity;
  private begins = 0;
  /** Monotonic time of the last sign of a submission. */
  private activeAtMs = -Infinity;
  private notifiedAtMs = -Infinity;
  private asking: Promise<boolean> | null = null;

  constructor(private readonly database: Database) {}

  /** Listens to other instances. */
  onApplicationBootstrap(): Promise<void> {
    return this.database.listen(CHANNEL, (from) => {
      if (from === this.instance) return;
      this.activeAtMs = monotonicMs();
      this.answeredAt = -Infinity;
    });
  }

  /** Records the start of an unfinished submission by this instance. */
  begun(): void {
    this.begins += 1;
    this.keep(true);
    if (monotonicMs() - this.notifiedAtMs < NOTIFY_AGAIN_MS) return;
    this.notifiedAtMs = monotonicMs();
    // the next query of each instance replaces a lost notification
    this.database.query(NOTIFY, [CHANNEL, this.instance]).catch(() => undefined);
  }

  async any(): Promise<boolean> {
    const now = monotonicMs();
    const isAtRest = now - this.activeAtMs >= AT_REST_AFTER_MS;
    if (now - this.answeredAt < (isAtRest ? LOOK_AT_REST_MS : LOOK_AGAIN_MS)) return this.answer;
    this.asking ??= this.ask().finally(() => (this.asking = null));
    return this.asking;
  }

  private async ask(): Promise<boolean> {
    const { begins } = this;
    const [row] = await this.database.query<{ any: boolean }>(ANY, []);
    // the query may have missed a submission begun in the meantime
    if (begins === this.begins) this.keep(row?.any !== false);
    return this.answer;
  }

  private keep(answer: boolean): void {
    [this.answer, this.answeredAt] = [answer, monotonicMs()];
    if (answer) this.activeAtMs = this.answeredAt;
  }
}

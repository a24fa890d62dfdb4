import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { from } from '../rows/state-sql.js';
import { MAY_BE_PAID } from '../rows/unclaimed-sql.js';

const LOOK_AGAIN_MS = 1_000;
/** Interval of the query at rest: finds the submissions of a lost notification. */
const LOOK_AT_REST_MS = 5_000;
/** Time without any submission after which the connector is at rest. */
const AT_REST_AFTER_MS = 10_000;
/** Interval between two notifications: shorter than `AT_REST_AFTER_MS`. */
const NOTIFY_AGAIN_MS = 5_000;
const CHANNEL = 'submissions_under_way';

const NOTIFY = 'SELECT pg_notify($1, $2)';

const NOTHING: ReadonlySet<DueWork> = new Set();

/**
 * Knows if any submission is unfinished, and which work is due: one query for all loops of a
 * process. At rest a notification replaces the query; a lost one costs at most five seconds.
 */
@Injectable()
export class UnderWay implements OnApplicationBootstrap {
  private readonly instance = randomUUID();
  private answer = true;
  private answeredAt = -Infinity;
  private due = NOTHING;
  private lookedAt = -Infinity;
  private begins = 0;
  /** Monotonic time of the last sign of a submission. */
  private activeAtMs = -Infinity;
  private notifiedAtMs = -Infinity;
  private asking: Promise<void> | null = null;
  private readonly wakes = new Map<DueWork, (() => void)[]>();

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): Promise<void> {
    return this.database.listen(CHANNEL, (from) => {
      if (from === this.instance) return;
      this.activeAtMs = monotonicMs();
      this.answeredAt = -Infinity;
      this.lookedAt = -Infinity;
    });
  }

  /** Registers a callback for work that a query finds due, and that was not due before. */
  whenDue(work: DueWork, wake: () => void): void {
    this.wakes.set(work, [...(this.wakes.get(work) ?? []), wake]);
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
    if (this.isOld(this.answeredAt)) await this.ask();
    return this.answer;
  }

  /** True if the work was due at the last query, a second ago at most. */
  async isDue(work: DueWork): Promise<boolean> {
    if (this.isOld(this.lookedAt)) await this.ask();
    return this.due.has(work);
  }

  /** Queries again while a submission is unfinished, and returns whether the work is due. */
  async look(work: DueWork): Promise<boolean> {
    if (this.answer || this.isOld(this.lookedAt)) await this.ask();
    return this.due.has(work);
  }

  private isOld(atMs: number): boolean {
    const now = monotonicMs();
    const isAtRest = now - this.activeAtMs >= AT_REST_AFTER_MS;
    return now - atMs >= (isAtRest ? LOOK_AT_REST_MS : LOOK_AGAIN_MS);
  }

  private ask(): Promise<void> {
    this.asking ??= this.query().finally(() => (this.asking = null));
    return this.asking;
  }

  private async query(): Promise<void> {
    const { begins } = this;
    const [row] = await this.database.query<{ any: boolean; due: DueWork[] }>(LOOK, []);
    // the query may have missed a submission begun in the meantime
    if (begins === this.begins) this.keep(row?.any !== false);
    const before = this.due;
    [this.due, this.lookedAt] = [new Set(row?.due), monotonicMs()];
    for (const work of this.due)
      if (!before.has(work)) this.wakes.get(work)?.forEach((wake) => wake());
  }

  private keep(answer: boolean): void {
    [this.answer, this.answeredAt] = [answer, monotonicMs()];
    if (answer) this.activeAtMs = this.answeredAt;
  }
}

/** Kinds of work, each with a loop of its own. */
export type DueWork =
  'ends' | 'cancels' | 'first look-ups' | 'unknown' | 'refusals' | `orders of ${string}`;

/** Predicates of indexes: the cost does not depend on the number of ended submissions. */
const UNFINISHED = [
  "state = 'prepared'",
  "state IN ('sending','repeating')",
  "state = 'refusing'",
  "state IN ('unknown','undecided')",
  "state = 'accepted'",
];

const DUE: Readonly<Record<Exclude<DueWork, `orders of ${string}`>, string>> = {
  ends: `
      EXISTS (SELECT FROM submission WHERE state ${from('outcome_unknown')} AND lease_until < clock_timestamp())
      OR EXISTS (SELECT FROM submission s WHERE s.state ${from('withdrawn')} AND s.not_after <= clock_timestamp() AND NOT ${MAY_BE_PAID})
      OR EXISTS (SELECT FROM submission s WHERE s.state ${from('withdrawn')} AND s.cancel_state = 'wished' AND NOT ${MAY_BE_PAID})`,
  cancels: `EXISTS (SELECT FROM submission WHERE state = 'accepted' AND cancel_state = 'wished')`,
  'first look-ups': `EXISTS (SELECT FROM submission WHERE state ${from('found', ['prepared'])} AND lookup_first AND next_action_at <= clock_timestamp())`,
  unknown: `EXISTS (SELECT FROM submission WHERE state ${from('absence_proven')} AND next_action_at <= clock_timestamp())`,
  refusals: `EXISTS (SELECT FROM submission WHERE state ${from('nothing_found')} AND next_action_at <= clock_timestamp())`,
};

/** Due work of all kinds; `any`: a submission has not ended. The worker judges halts and lanes. */
const LOOK = `
  WITH RECURSIVE queued AS (
    (SELECT form FROM submission WHERE state = 'prepared' ORDER BY form LIMIT 1)
    UNION ALL
    SELECT (SELECT s.form FROM submission s WHERE s.state = 'prepared' AND s.form > q.form ORDER BY s.form LIMIT 1) FROM queued q WHERE q.form IS NOT NULL)
  SELECT ${UNFINISHED.map((is) => `EXISTS (SELECT FROM submission WHERE ${is})`).join(' OR ')} AS any,
         array_remove(ARRAY[${Object.entries(DUE)
           .map(([work, isDue]) => `CASE WHEN ${isDue} THEN '${work}' END`)
           .join(
             ', ',
           )}], NULL) || ARRAY(SELECT 'orders of ' || form FROM queued WHERE form IS NOT NULL) AS due`;

import { Counter } from 'prom-client';
import {
  type Preparation,
  type SubmitOutcome,
  type Throttle,
  UNLISTED_CODE,
} from '@sluice/connector-rules';
import { FaultLog, type Logger, monotonicMs } from '@sluice/runtime';
import { startAtZero } from '@sluice/service-shell';
import type { RatePlan } from '../rate/rate-plan.js';

/** Calls failing by the same obstacle within this time change the rate plan once. */
const SAME_OBSTACLE_MS = 250;
const SAME_ALARM_MS = 3_600_000;

/** Reactions to outcomes that concern more than a single submission: alarms and pauses. */
export class Obstacles {
  private sameObstacleUntil = 0;
  private readonly faults: FaultLog;
  private readonly alarms: FaultLog;
  private readonly unlisted: FaultLog;

  constructor(
    private readonly place: { readonly venue: string; readonly endpoint: string },
    private readonly ratePlan: Pick<RatePlan, 'pause' | 'slowDown'>,
    private readonly logger: Logger,
    /** Pause of sending in milliseconds after the venue refused us as a client. */
    private readonly haltMs: number,
    private readonly closed: Pick<ClosedAssets, 'close'>,
  ) {
    this.faults = new FaultLog(logger);
    const errors = { warn: (fields: object, text: string) => logger.error(fields, text) };
    this.alarms = new FaultLog(errors, monotonicMs, SAME_ALARM_MS);
    this.unlisted = new FaultLog(errors, monotonicMs, Infinity);
  }

  /** Raises the alarm of a refusal, and slows the rate plan down after a request not sent. */
  async react(outcome: SubmitOutcome, asset: string): Promise<void> {
    if (outcome.kind === 'refused') this.refused(outcome, asset);
    if (
      outcome.kind !== 'not_sent' ||
      outcome.throttle === undefined ||
      monotonicMs() < this.sameObstacleUntil
    )
      return;
    this.sameObstacleUntil = monotonicMs() + SAME_OBSTACLE_MS;
    try {
      await this.throttle(outcome.throttle, outcome.retryAfterMs, outcome.cause);
    } catch (error) {
      this.logger.warn({ err: error }, 'the database did not store a pause of the rate plan');
    }
  }

  private refused(outcome: Extract<SubmitOutcome, { kind: 'refused' }>, asset: string): void {
    const { venueCode, message, alarm, closes, reason } = outcome;
    if (alarm !== undefined) this.alarm(venueCode, alarm);
    if (closes !== undefined) this.closed.close(asset, `${venueCode ?? reason}: ${message}`);
    if (reason !== UNLISTED_CODE) return;
    countUnlisted(this.place.endpoint, venueCode);
    this.unlisted.warn(
      String(venueCode),
      { ...this.place, venueCode, message },
      'the venue refuses with a code that no table lists: an operator must check the code',
    );
  }

  private alarm(venueCode: string | null, cause: string): void {
    this.alarms.warn(
      `${String(venueCode)} ${cause}`,
      { ...this.place, venueCode, cause },
      'the venue refuses more than this withdrawal: an operator must check the account at the venue',
    );
  }

  private async throttle(how: Throttle, pauseMs: number, cause: string): Promise<void> {
    const { endpoint } = this.place;
    const fields = { ...this.place, cause };
    switch (how) {
      case 'pause':
        this.faults.warn(cause, fields, 'the venue is not reachable: submitting is paused');
        return this.ratePlan.pause(endpoint, pauseMs, cause);
      case 'slow_down':
        this.faults.warn(
          `limit ${cause}`,
          fields,
          'the venue reports too many requests: the rate plan is slowed down',
        );
        return this.ratePlan.slowDown(endpoint, pauseMs, cause);
      case 'halt':
        this.logger.error(
          { ...fields, pauseMs: this.haltMs },
          'the venue refuses the credentials of this service: submitting is halted until an operator has corrected them',
        );
        return this.ratePlan.pause(endpoint, this.haltMs, cause);
    }
  }
}

/** Time until an order of a closed asset tries the venue again. */
const CLOSED_FOR_MS = 600_000;

interface Closing {
  readonly untilMs: number;
  readonly because: string;
}

const closings = new Counter({
  name: 'sluice_venue_closed_assets_total',
  help: 'Assets whose withdrawals the venue has closed, by refusal; each is closed for ten minutes',
  labelNames: ['asset'],
});

/** Assets whose withdrawals the venue has closed: their orders are refused without a request. */
export class ClosedAssets {
  private readonly closed = new Map<string, Closing>();
  private readonly venue: string;

  constructor(
    { venue, assets }: { readonly venue: string; readonly assets: readonly string[] },
    private readonly logger: Pick<Logger, 'error'>,
    private readonly now: () => number = monotonicMs,
  ) {
    this.venue = venue;
    startAtZero(closings, { asset: assets });
  }

  close(asset: string, because: string): void {
    closings.inc({ asset });
    if (this.because(asset) === null)
      this.logger.error(
        { venue: this.venue, asset, because, forMs: CLOSED_FOR_MS },
        'the venue has closed withdrawals of an asset: its orders go to the next venue meanwhile',
      );
    this.closed.set(asset, { untilMs: this.now() + CLOSED_FOR_MS, because });
  }

  /** The venue's words; null for an open asset. */
  because(asset: string): string | null {
    const closing = this.closed.get(asset);
    return closing !== undefined && this.now() < closing.untilMs ? closing.because : null;
  }

  /** Refuses an order of a closed asset before any request; null for an open asset. */
  refusalOf({ asset }: { readonly asset: string }): Preparation | null {
    const message = this.because(asset);
    return message === null ? null : { kind: 'refused', reason: 'withdrawals_closed', message };
  }
}

const calls = new Counter({
  name: 'sluice_submits_total',
  help: 'Submissions sent by this process, by outcome',
  labelNames: ['endpoint', 'outcome'],
});

const unlisted = new Counter({
  name: 'sluice_unlisted_codes_total',
  help: 'Refusals of the venue with a code that no table of the connector lists',
  labelNames: ['endpoint', 'code'],
});

const KINDS = [
  'accepted',
  'refused',
  'not_sent',
  'unknown',
] as const satisfies readonly SubmitOutcome['kind'][];

export function startSubmitCounts(endpoint: string): void {
  const repeats = KINDS.map((kind) => `repeat_${kind}`);
  startAtZero(calls, { endpoint: [endpoint], outcome: [...KINDS, ...repeats] });
  startAtZero(unlisted, { endpoint: [endpoint], code: ['other'] });
}

/** Counts the result of a submit. Refusals of repeats prove no outcome and are counted apart. */
export function countSubmit(endpoint: string, { kind }: SubmitOutcome, isRepeat: boolean): void {
  calls.inc({ endpoint, outcome: isRepeat ? `repeat_${kind}` : kind });
}

const MOST_CODES = 100;
const codes = new Set<string>();

/** Codes beyond the first hundred share a series: a venue may put anything into a code. */
function countUnlisted(endpoint: string, venueCode: string | null): void {
  const code = String(venueCode).slice(0, 64);
  if (codes.size < MOST_CODES) codes.add(code);
  unlisted.inc({ endpoint, code: codes.has(code) ? code : 'other' });
}

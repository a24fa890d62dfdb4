import { FaultLog, type Logger, monotonicMs } from '@sluice/runtime';
import { UNLISTED_CODE, type SubmitOutcome, type Throttle } from '@sluice/connector-rules';
import type { RatePlan } from '../rate/rate-plan.js';
import type { ClosedAssets } from './closed-assets.js';
import { countUnlisted } from './venue-calls.js';

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

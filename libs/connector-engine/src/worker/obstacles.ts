import { type Logger, monotonicMs } from '@sluice/runtime';
import type { SubmitOutcome, Throttle } from '@sluice/connector-rules';
import type { RatePlan } from '../rate/rate-plan.js';

/** Calls failing by the same obstacle within this time change the rate plan once. */
const SAME_OBSTACLE_MS = 250;

/** Reactions to outcomes that concern more than a single submission: alarms and pauses. */
export class Obstacles {
  private sameObstacleUntil = 0;

  constructor(
    private readonly place: { readonly venue: string; readonly endpoint: string },
    private readonly ratePlan: Pick<RatePlan, 'pause' | 'slowDown'>,
    private readonly logger: Logger,
    /** Pause of sending in milliseconds after the venue refused us as a client. */
    private readonly haltMs: number,
  ) {}

  /** Raises the alarm of a refusal, and slows the rate plan down after a request not sent. */
  async react(outcome: SubmitOutcome): Promise<void> {
    if (outcome.kind === 'refused' && outcome.alarm !== undefined)
      this.alarm(outcome.venueCode, outcome.alarm);
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

  private alarm(venueCode: string | null, cause: string): void {
    this.logger.error(
      { ...this.place, venueCode, cause },
      'the venue refuses more than this withdrawal: an operator must check the account at the venue',
    );
  }

  private async throttle(how: Throttle, pauseMs: number, cause: string): Promise<void> {
    const { endpoint } = this.place;
    const fields = { ...this.place, cause };
    switch (how) {
      case 'pause':
        this.logger.warn(fields, 'the venue is not reachable: submitting is paused');
        return this.ratePlan.pause(endpoint, pauseMs, cause);
      case 'slow_down':
        this.logger.warn(
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

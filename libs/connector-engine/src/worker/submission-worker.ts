import { setTimeout as sleep } from 'node:timers/promises';
import {
  laneOf,
  repeatOutcome,
  type FormCapabilities,
  type Hold,
  type PreparedRequest,
  type SubmitOutcome,
  type VenueAdapter,
} from '@sluice/connector-rules';
import { crashAt } from '@sluice/crash-point';
import type { Claim, DueOrder, SubmissionQueue } from '../queue/submission-queue.js';
import type { RatePlan } from '../rate/rate-plan.js';
import { monotonicMs } from '@sluice/clock';
import type { VenueClock } from '../clock/venue-clock.js';
import { Loop, type Logger } from './loop.js';
import type { OutcomeCommitter } from './outcome-committer.js';
import { countSubmit } from './venue-calls.js';

export interface WorkerOptions {
  /** Calls under way at once. */
  readonly concurrency: number;
  /** How long one call may take in all. */
  readonly submitTimeoutMs: number;
  /** How long nothing is sent after the venue said that no request can succeed (key revoked, account locked). */
  readonly haltMs: number;
}

/** Whether anything may be sent now, and the clock of the venue by which that is judged later. */
export interface SendGate {
  readonly clock: Pick<VenueClock, 'earliest'>;
  /** Why nothing may be sent; null when it may. */
  fault(): string | null;
}

interface Ready {
  readonly order: DueOrder;
  readonly request: PreparedRequest;
}

interface OccupiedLane {
  readonly lane: string;
  readonly until: string;
}

const IDLE_MS = 1_000;
const BUSY_MS = 20;
/** The lease outlives the call by several time-outs, at most by this; a call that is late by half of that is not made. */
const LONGEST_LEASE_SLACK_MS = 5_000;
const TIMEOUTS_OF_SLACK = 5;
const ONE_OBSTACLE_MS = 250;
const RESTING_MS = 200;

/** Sends the prepared submissions of one form: peek, prepare, wait for the rate plan, claim (intent committed), call, hand the outcome over. */
export class SubmissionWorker {
  readonly loop: Loop;
  private inFlight = 0;
  private obeyedUntil = 0;
  private readonly leaseSlackMs: number;

  constructor(
    private readonly form: FormCapabilities,
    private readonly adapter: VenueAdapter,
    private readonly queue: SubmissionQueue,
    private readonly ratePlan: RatePlan,
    private readonly committer: OutcomeCommitter,
    private readonly logger: Logger,
    private readonly gate: SendGate,
    private readonly options: WorkerOptions,
  ) {
    this.leaseSlackMs = Math.min(
      LONGEST_LEASE_SLACK_MS,
      TIMEOUTS_OF_SLACK * options.submitTimeoutMs,
    );
    this.loop = new Loop(`submit ${form.form}`, logger, (signal) => this.step(signal));
  }

  /** Stops claiming, then waits for the calls under way: each of them ends by its own time-out. */
  async stop(): Promise<void> {
    await this.loop.stop();
    while (this.inFlight > 0) await sleep(5);
    await this.committer.drained();
  }

  private async step(signal: AbortSignal): Promise<number> {
    if (this.gate.fault() !== null) return RESTING_MS;
    const room = this.options.concurrency - this.inFlight;
    if (room < this.options.concurrency / 4) return BUSY_MS;
    await this.repeat(room, signal);
    const due = await this.queue.peek(this.form, room);
    if (due.length === 0) return IDLE_MS;
    const ready = await this.prepare(due);
    if (ready.length === 0) return 0;

    const { count, startsInMs } = await this.ratePlan.reserve(
      this.form.submitEndpoint,
      ready.length,
    );
    if (count === 0) return Math.min(startsInMs, IDLE_MS);
    if (startsInMs >= 1) await sleep(startsInMs, undefined, { signal });
    await this.send(await this.inTheirLanes(ready.slice(0, count), signal));
    return 0;
  }

  /** Asks once more, under the same key, about what the venue may have answered without our hearing it. */
  private async repeat(room: number, signal: AbortSignal): Promise<void> {
    const due = await this.queue.repeatsDue(this.form, room);
    if (due === 0) return;
    const { count, startsInMs } = await this.ratePlan.reserve(this.form.submitEndpoint, due);
    if (count === 0) return;
    if (startsInMs >= 1) await sleep(startsInMs, undefined, { signal });
    const venueTime = this.venueTime();
    if (venueTime === null) return;
    const mustStartBy = monotonicMs() + this.leaseSlackMs / 2;
    const claims = await this.queue.claimRepeats(
      this.form,
      count,
      this.options.submitTimeoutMs + this.leaseSlackMs,
      venueTime,
    );
    if (claims.length > 0) crashAt('connector.after-intent');
    for (const claim of claims) void this.call(claim, mustStartBy);
  }

  /** Those whose lane is free; in the others another instance was quicker, and they are looked at again when it is. */
  private async inTheirLanes(
    ready: readonly Ready[],
    signal: AbortSignal,
  ): Promise<readonly Ready[]> {
    if (this.form.lanes === undefined) return ready;
    const free: Ready[] = [];
    for (const one of ready) {
      const { count, startsInMs } = await this.ratePlan.reserve(
        laneOf(this.form, one.order.asset),
        1,
      );
      if (count === 0) continue;
      if (startsInMs >= 1) await sleep(startsInMs, undefined, { signal });
      free.push(one);
    }
    return free;
  }

  private async prepare(due: readonly DueOrder[]): Promise<Ready[]> {
    const prepared = await Promise.all(
      due.map(async (order) => ({ order, preparation: await this.adapter.prepare(order) })),
    );
    const ready: Ready[] = [];
    const refused: { withdrawalId: string; reason: string; message: string }[] = [];
    const later = new Map<number, string[]>();
    for (const { order, preparation } of prepared) {
      if (preparation.kind === 'ready') ready.push({ order, request: preparation.request });
      else if (preparation.kind === 'refused')
        refused.push({
          withdrawalId: order.withdrawalId,
          reason: preparation.reason,
          message: preparation.message,
        });
      else
        later.set(preparation.retryAfterMs, [
          ...(later.get(preparation.retryAfterMs) ?? []),
          order.withdrawalId,
        ]);
    }
    if (refused.length > 0) await this.queue.refuse(refused);
    for (const [pauseMs, ids] of later) await this.queue.postpone(ids, pauseMs);
    return ready;
  }

  private async send(ready: readonly Ready[]): Promise<void> {
    if (ready.length === 0) return;
    const venueTime = this.venueTime();
    if (venueTime === null) return;
    const leaseMs = this.options.submitTimeoutMs + this.leaseSlackMs;
    const mustStartBy = monotonicMs() + this.leaseSlackMs / 2;
    const lanes = await this.occupyLanes(ready, leaseMs);
    const claimedAfter = monotonicMs();
    const claims = await this.queue.claim(ready, leaseMs, venueTime);
    if (claims.length > 0) crashAt('connector.after-intent');
    for (const claim of claims) {
      const deadline = claimedAfter + (claim.leftMs ?? Infinity);
      void this.call(claim, Math.min(mustStartBy, deadline), lanes.get(claim.withdrawalId));
      lanes.delete(claim.withdrawalId);
    }
    for (const lane of lanes.values()) await this.vacate(lane); // of orders that somebody else has taken
  }

  /** What the venue's clock says at the earliest, before any byte leaves; null while nothing may be sent. */
  private venueTime(): Date | null {
    return this.gate.fault() === null ? this.gate.clock.earliest() : null;
  }

  private async call(claim: Claim, mustStartBy: number, lane?: OccupiedLane): Promise<void> {
    this.inFlight++;
    try {
      const outcome = await this.outcomeOf(claim, mustStartBy);
      crashAt('connector.before-outcome');
      countSubmit(this.form.submitEndpoint, outcome, claim.isRepeat);
      await this.obey(outcome);
      if (lane) await this.vacate(lane);
      this.committer.add({ claim, outcome: claim.isRepeat ? repeatOutcome(outcome) : outcome });
    } finally {
      this.inFlight--;
      if (this.inFlight <= this.options.concurrency / 2) this.loop.wake();
    }
  }

  /** A venue counts from when it took the call, which is anywhere up to its answer: until then nobody else gets a turn in a narrow lane or endpoint. */
  private async occupyLanes(
    ready: readonly Ready[],
    longestMs: number,
  ): Promise<Map<string, OccupiedLane>> {
    const lanes = new Map<string, OccupiedLane>();
    for (const { order } of ready) {
      const lane =
        this.form.lanes === undefined ? this.form.submitEndpoint : laneOf(this.form, order.asset);
      if (this.ratePlan.isNarrow(lane))
        lanes.set(order.withdrawalId, { lane, until: await this.ratePlan.occupy(lane, longestMs) });
    }
    return lanes;
  }

  /** Should it fail, the lane is free when the lease would have ended. */
  private async vacate({ lane, until }: OccupiedLane): Promise<void> {
    await this.ratePlan
      .vacate(lane, until)
      .catch((error: unknown) =>
        this.logger.warn({ err: error, lane }, 'a lane could not be vacated'),
      );
  }

  /** A process that was frozen after its claim sends nothing: by now another may have given this attempt up, or its time to begin is over. */
  private async outcomeOf(claim: Claim, mustStartBy: number): Promise<SubmitOutcome> {
    if (monotonicMs() > mustStartBy)
      return notSent('its lease or its time was over before it could be sent');
    const fault = this.gate.fault();
    if (fault !== null) return notSent(fault);
    try {
      return await this.adapter.submit(claim.request);
    } catch (error) {
      this.logger.error(
        { err: error, withdrawalId: claim.withdrawalId },
        'a venue adapter threw; the outcome is unknown',
      );
      return {
        kind: 'unknown',
        cause: `the adapter failed: ${String(error)}`,
        evidence: { status: null, body: '' },
      };
    }
  }

  /** Several calls meet the same obstacle at once; it counts once. */
  private async obey(outcome: SubmitOutcome): Promise<void> {
    if (outcome.kind === 'refused' && outcome.alarm !== undefined)
      this.alarm(outcome.venueCode, outcome.alarm);
    if (
      outcome.kind !== 'not_sent' ||
      outcome.hold === undefined ||
      monotonicMs() < this.obeyedUntil
    )
      return;
    this.obeyedUntil = monotonicMs() + ONE_OBSTACLE_MS;
    try {
      await this.hold(outcome.hold, outcome.retryAfterMs, outcome.cause);
    } catch (error) {
      this.logger.warn({ err: error }, 'a pause of the rate plan could not be stored');
    }
  }

  private alarm(venueCode: string | null, cause: string): void {
    const fields = {
      venue: this.adapter.capabilities.venue,
      endpoint: this.form.submitEndpoint,
      venueCode,
      cause,
    };
    this.logger.error(
      fields,
      'the venue refuses more than this one withdrawal: a person must look',
    );
  }

  private async hold(hold: Hold, pauseMs: number, cause: string): Promise<void> {
    const { submitEndpoint: endpoint } = this.form;
    const fields = { venue: this.adapter.capabilities.venue, endpoint, cause };
    switch (hold) {
      case 'pause':
        this.logger.warn(fields, 'the venue cannot be reached: submitting pauses');
        return this.ratePlan.pause(endpoint, pauseMs);
      case 'slow_down':
        this.logger.warn(fields, 'the venue finds us too fast: its rate plan is slowed down');
        return this.ratePlan.slowDown(endpoint, pauseMs);
      case 'halt':
        this.logger.error(
          { ...fields, pauseMs: this.options.haltMs },
          'the venue refuses us as a client: submitting is halted, a person must act',
        );
        return this.ratePlan.pause(endpoint, this.options.haltMs);
    }
  }
}

function notSent(cause: string): SubmitOutcome {
  return { kind: 'not_sent', retryAfterMs: 0, cause, evidence: { status: null, body: '' } };
}

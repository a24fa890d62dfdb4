import { setTimeout as sleep } from 'node:timers/promises';
import { BackgroundLoop, crashAt, type Logger, monotonicMs } from '@sluice/runtime';
import { inTrace } from '@sluice/runtime/tracing';
import {
  isKeyless,
  repeatOutcome,
  type FormCapabilities,
  type SubmitOutcome,
  type VenueAdapter,
} from '@sluice/connector-rules';
import type { Tx } from '@sluice/postgres';
import type { BegunRow } from '../queue/claim-commits.js';
import type { DueOrder, NewOrder } from '../queue/due-order.js';
import {
  type Claim,
  claimsOf,
  type FirstIntents,
  type Ready,
  type SubmissionQueue,
} from '../queue/submission-queue.js';
import type { DueWork, UnderWay } from '../loops/under-way.js';
import type { PutBackRows } from '../restore/put-back-rows.js';
import { AT_ONCE_MS, type RatePlan, type Reservation } from '../rate/rate-plan.js';
import { ClosedAssets, countSubmit, Obstacles, startSubmitCounts } from './obstacles.js';
import { LaneTurns, type OccupiedLane } from './lane-turns.js';
import type { OutcomeCommitter } from './outcome-committer.js';
import { Preparations } from './preparations.js';
import type { SendGate } from './send-gate.js';

export interface WorkerOptions {
  readonly submitTimeoutMs: number;
  /** Pause of sending in milliseconds after the venue refused us as a client. */
  readonly haltMs: number;
}

interface Sending {
  readonly adapter: VenueAdapter;
  readonly queue: SubmissionQueue;
  readonly underWay: UnderWay;
  readonly ratePlan: RatePlan;
  readonly committer: OutcomeCommitter;
  readonly gate: SendGate;
  readonly putBack: PutBackRows;
}

/** New orders with their requests, before the transaction that stores the orders. */
export interface FirstSends {
  readonly intents: FirstIntents;
  /** Must be called after the transaction, with the attempts that it began. Sends their requests. */
  send(begun: readonly BegunRow[]): void;
}

/** Monotonic times of a claim, and the earliest venue time before. */
interface SendTimes {
  readonly mustStartBy: number;
  readonly claimedAfter: number;
  readonly venueTime: Date;
}

const IDLE_MS = 1_000;
const BUSY_MS = 20;
/**
 * A lease lasts for the time-out and a slack, so no call outlives its lease. A worker that needs
 * more than half of the slack to begin drops the call.
 */
const MAX_LEASE_SLACK_MS = 5_000;
const LEASE_SLACK_TIMEOUTS = 5;
const RESTING_MS = 200;

/** Sends the prepared submissions of one form: peek, prepare, wait for the rate plan, claim (intent committed), call, hand the outcome over. */
export class SubmissionWorker {
  readonly loop: BackgroundLoop;
  private readonly obstacles: Obstacles;
  private readonly lanes: LaneTurns;
  private readonly preparations: Preparations;
  private inFlight = 0;
  private readonly leaseSlackMs: number;
  /** True if the last peek may have left due submissions. */
  private mayBeMore = true;
  /** True if due submissions are likely: the next step peeks in any case. */
  private expectsOrders = true;
  private isStopping = false;
  /** True if peeks skip submissions sharing a lane or equal to another payment. */
  private readonly passesOver: boolean;

  constructor(
    private readonly form: FormCapabilities,
    private readonly sending: Sending,
    private readonly logger: Logger,
    private readonly options: WorkerOptions,
  ) {
    this.leaseSlackMs = Math.min(
      MAX_LEASE_SLACK_MS,
      LEASE_SLACK_TIMEOUTS * options.submitTimeoutMs,
    );
    startSubmitCounts(form.submitEndpoint);
    const { adapter, ratePlan } = sending;
    const closed = new ClosedAssets(
      { venue: adapter.capabilities.venue, assets: form.assets },
      logger,
    );
    this.obstacles = new Obstacles(
      { venue: adapter.capabilities.venue, endpoint: form.submitEndpoint },
      ratePlan,
      logger,
      options.haltMs,
      closed,
    );
    this.preparations = new Preparations(sending, closed);
    this.lanes = new LaneTurns(form, ratePlan, logger);
    this.passesOver = form.lanes !== undefined || isKeyless(form);
    this.loop = new BackgroundLoop(`submit ${form.form}`, logger, (signal) => this.step(signal));
    for (const work of this.works) sending.underWay.whenDue(work, () => this.loop.wake());
  }

  /** Work of this worker: orders to send, and unknown attempts to send again under the same key. */
  private get works(): readonly DueWork[] {
    const { form, replayForMs } = this.form;
    return replayForMs === undefined ? [`orders of ${form}`] : [`orders of ${form}`, 'unknown'];
  }

  get formName(): string {
    return this.form.form;
  }

  /**
   * Prepares new orders, unless others may be due before. Null: the orders wait in the queue. An
   * order known to have been sent by this process waits, too.
   */
  async prepareFirst(orders: readonly NewOrder[]): Promise<FirstSends | null> {
    const { queue, putBack } = this.sending;
    const isBusy = this.mayBeMore || this.isStopping || this.lanes.areReserved;
    if (this.form.sentAtOnce !== true || isBusy) return null;
    const capacity = this.concurrency - this.inFlight;
    const unsent = orders.filter((order) => putBack.isNew(order)).slice(0, capacity);
    if (unsent.length === 0 || !putBack.lost.canRemember(unsent.length)) return null;
    this.inFlight += unsent.length;
    const ready = await this.preparations.readyNow(unsent);
    const venueTime = this.venueTime();
    if (ready.length === 0 || venueTime === null) {
      this.inFlight -= unsent.length;
      return null;
    }
    const leaseMs = this.options.submitTimeoutMs + this.leaseSlackMs;
    const mustStartBy = monotonicMs() + this.leaseSlackMs / 2;
    const claimedAfter = monotonicMs();
    return {
      intents: queue.firstIntents(this.form, ready, leaseMs, venueTime),
      send: (begun) => {
        this.inFlight -= unsent.length;
        this.callAll(claimsOf(begun, ready), { mustStartBy, claimedAfter, venueTime });
      },
    };
  }

  /** Must be called if due submissions are likely. */
  wake(): void {
    this.expectsOrders = true;
    this.loop.wake();
  }

  /** Stops claiming, and waits for the calls in flight; the time-out ends each of them. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.loop.stop();
    while (this.inFlight > 0) await sleep(5);
    await this.sending.committer.drained();
  }

  private async step(signal: AbortSignal): Promise<number> {
    if (this.sending.gate.fault() !== null) return RESTING_MS;
    const isExpected = this.expectsOrders;
    this.expectsOrders = false;
    if (!isExpected && !(await this.isAnyDue())) return IDLE_MS;
    const restMs = await this.sendDue(signal);
    if (restMs < IDLE_MS) this.expectsOrders = true;
    return restMs;
  }

  private async isAnyDue(): Promise<boolean> {
    const due = await Promise.all(this.works.map((work) => this.sending.underWay.isDue(work)));
    return due.includes(true);
  }

  private async sendDue(signal: AbortSignal): Promise<number> {
    const capacity = this.concurrency - this.inFlight;
    this.mayBeMore = true;
    if (capacity < this.concurrency / 4) return BUSY_MS;
    if (!this.sending.putBack.lost.canRemember(capacity)) return RESTING_MS;
    await this.repeat(capacity, signal);
    const peeked = await this.sending.queue.peek(this.form, capacity);
    const due = await this.sending.putBack.sendable(this.form, peeked);
    this.mayBeMore = peeked.length === capacity;
    if (due.length === 0) return IDLE_MS;
    const ready = await this.preparations.readyOf(due);
    if (ready.length === 0) return 0;

    const { count, startsInMs } = this.lanes.areReserved
      ? await this.sending.ratePlan.reserve(this.form.submitEndpoint, ready.length)
      : await this.sendAtOnce(ready);
    if (count === 0) return Math.min(startsInMs, IDLE_MS);
    if (startsInMs >= AT_ONCE_MS) await sleep(startsInMs, undefined, { signal });
    if (startsInMs >= AT_ONCE_MS || this.lanes.areReserved)
      await this.send(await this.lanes.free(ready.slice(0, count), signal));
    return due.length < capacity && count === ready.length ? IDLE_MS : 0;
  }

  /** Reserves turns, and claims their orders in the same transaction if the turns begin now. */
  private async sendAtOnce(ready: readonly Ready<DueOrder>[]): Promise<Reservation> {
    let turns: Reservation = { count: 0, startsInMs: RESTING_MS };
    await this.send(ready, async (tx) => {
      turns = await this.sending.ratePlan.reserve(this.form.submitEndpoint, ready.length, tx);
      return turns.startsInMs < AT_ONCE_MS ? turns.count : 0;
    });
    return turns;
  }

  /** Sends unknown attempts again under the same key: the venue answers with the first result. */
  private async repeat(limit: number, signal: AbortSignal): Promise<void> {
    if (!(await this.sending.underWay.isDue('unknown'))) return;
    const due = await this.sending.queue.repeatsDue(this.form, limit);
    if (due === 0) return;
    const { count, startsInMs } = await this.sending.ratePlan.reserve(
      this.form.submitEndpoint,
      due,
    );
    if (count === 0) return;
    if (startsInMs >= AT_ONCE_MS) await sleep(startsInMs, undefined, { signal });
    const venueTime = this.venueTime();
    if (venueTime === null) return;
    const mustStartBy = monotonicMs() + this.leaseSlackMs / 2;
    const claims = await this.sending.queue.claimRepeats(
      this.form,
      count,
      this.options.submitTimeoutMs + this.leaseSlackMs,
      venueTime,
    );
    if (claims.length > 0) crashAt('connector.after-intent');
    for (const claim of claims) void this.call(claim, mustStartBy, venueTime);
  }

  private async send(
    ready: readonly Ready<DueOrder>[],
    slotsIn?: (tx: Tx) => Promise<number>,
  ): Promise<void> {
    if (ready.length === 0) return;
    const venueTime = this.venueTime();
    if (venueTime === null) return;
    const leaseMs = this.options.submitTimeoutMs + this.leaseSlackMs;
    const mustStartBy = monotonicMs() + this.leaseSlackMs / 2;
    const lanes = await this.lanes.occupy(
      ready.map(({ order }) => order),
      leaseMs,
    );
    const claimedAfter = monotonicMs();
    const claims = await this.sending.queue.claim(ready, leaseMs, venueTime, slotsIn);
    this.callAll(claims, { mustStartBy, claimedAfter, venueTime }, lanes);
    // lanes of orders claimed by another instance
    for (const lane of lanes.values()) await this.lanes.vacate(lane);
  }

  /** Sends the requests of committed intents. Takes the lanes of these orders from `lanes`. */
  private callAll(
    claims: readonly Claim[],
    { mustStartBy, claimedAfter, venueTime }: SendTimes,
    lanes: Map<string, OccupiedLane> = new Map(),
  ): void {
    if (claims.length > 0) crashAt('connector.after-intent');
    for (const claim of claims) {
      const deadline = claimedAfter + (claim.leftMs ?? Infinity);
      const startBy = Math.min(mustStartBy, deadline);
      void this.call(claim, startBy, venueTime, lanes.get(claim.withdrawalId));
      lanes.delete(claim.withdrawalId);
    }
  }

  /** Returns the earliest venue time, stored before any byte leaves; null while sending is blocked. */
  private venueTime(): Date | null {
    return this.sending.gate.fault() === null ? this.sending.gate.clock.earliest() : null;
  }

  private async call(
    claim: Claim,
    mustStartBy: number,
    venueTime: Date,
    lane?: OccupiedLane,
  ): Promise<void> {
    this.inFlight++;
    this.sending.putBack.lost.sent.remember({ ...claim, venueTime });
    this.sending.putBack.memory.begin(claim);
    try {
      const outcome = await this.outcomeOf(claim, mustStartBy);
      crashAt('connector.before-outcome');
      countSubmit(this.form.submitEndpoint, outcome, claim.isRepeat);
      this.remember(claim, outcome);
      if (outcome.kind !== 'accepted') this.mayBeMore = true; // the submission may become due again
      await this.obstacles.react(outcome, claim.asset);
      if (lane) await this.lanes.vacate(lane);
      this.sending.committer.add({
        claim,
        outcome: claim.isRepeat ? repeatOutcome(outcome) : outcome,
      });
    } finally {
      this.inFlight--;
      this.lookAgain();
    }
  }

  private remember(claim: Claim, outcome: SubmitOutcome): void {
    const { putBack } = this.sending;
    putBack.memory.ended(claim, outcome.kind);
    if (outcome.kind !== 'not_sent' || outcome.evidence.status !== null || claim.isRepeat) return;
    putBack.lost.sent.forget(claim);
    putBack.memory.forget(claim);
  }

  /** Calls of this form under way at once. */
  private get concurrency(): number {
    const { submitTimeoutMs } = this.options;
    return this.sending.ratePlan.underWay(this.form.submitEndpoint, submitTimeoutMs);
  }

  /** Wakes the loop only if due submissions are likely: a peek may cost as much as an order. */
  private lookAgain(): void {
    if (!this.mayBeMore && !this.passesOver) return;
    if (this.inFlight <= this.concurrency / 2) this.wake();
  }

  /** A process frozen after the claim sends nothing: its lease or the deadline may be over. */
  private async outcomeOf(claim: Claim, mustStartBy: number): Promise<SubmitOutcome> {
    if (monotonicMs() > mustStartBy)
      return notSent('the lease or the deadline of the order expired before the request was sent');
    const fault = this.sending.gate.fault() ?? this.sending.queue.permitFault(claim);
    if (fault !== null) return notSent(fault);
    try {
      return await inTrace(claim.traceparent, () => this.sending.adapter.submit(claim.request));
    } catch (error) {
      this.logger.error(
        { err: error, withdrawalId: claim.withdrawalId },
        'a venue adapter threw an error: the outcome of the submission is unknown',
      );
      return {
        kind: 'unknown',
        cause: `the adapter failed: ${String(error)}`,
        evidence: { status: null, body: '' },
      };
    }
  }
}

function notSent(cause: string): SubmitOutcome {
  return { kind: 'not_sent', retryAfterMs: 0, cause, evidence: { status: null, body: '' } };
}

import { randomUUID } from 'node:crypto';
import { BackgroundLoop, type Logger } from '@sluice/background';
import { watchForMs, type VenueAdapter } from '@sluice/connector-rules';
import {
  checkInvariants,
  type Database,
  type InvariantReport,
  type UnitOfWork,
  untilReachable,
} from '@sluice/postgres';
import { registerClockGauge } from '@sluice/service-shell';
import { Canceller } from './cancel/canceller.js';
import { ClockKeeper } from './clock/clock-keeper.js';
import type { VenueClock } from './clock/venue-clock.js';
import { Decisions } from './admin/decisions.js';
import { VenueProof } from './admin/venue-proof.js';
import { SubmissionViews } from './admin/submission-views.js';
import { Halts } from './halt/halts.js';
import { Heartbeat } from './confirm/heartbeat.js';
import { CancelHandler } from './commands/cancel-handler.js';
import { CommandHandler } from './commands/command-handler.js';
import { RepeatedOrders } from './commands/repeated-orders.js';
import { SubmissionReport } from './commands/submission-report.js';
import { SubmitHandler } from './commands/submit-handler.js';
import { Outcomes } from './queue/outcomes.js';
import { SubmissionQueue } from './queue/submission-queue.js';
import type { RatePlan } from './rate/rate-plan.js';
import { FirstLookup } from './record/first-lookup.js';
import { RecordReader } from './record/record-reader.js';
import { RecordSearch } from './record/record-search.js';
import { RecordWatch } from './record/record-watch.js';
import { RefusalCheck } from './refusal/refusal-check.js';
import { SentReport } from './sent/sent-report.js';
import { OpenSubmissions } from './status/open-submissions.js';
import { StatusPoller } from './status/status-poller.js';
import { UnknownResolver } from './unknown/unknown-resolver.js';
import { UnknownSubmissions } from './unknown/unknown-submissions.js';
import { EventWriter } from './wire.js';
import { OutcomeCommitter } from './worker/outcome-committer.js';
import { SubmissionWorker, type SendGate, type WorkerOptions } from './worker/submission-worker.js';
import { WorkerLease } from './worker/worker-lease.js';

export interface ConnectorOptions extends WorkerOptions {
  /** Milliseconds between two rounds of status polling. */
  readonly pollIntervalMs: number;
  /** Milliseconds for which the venue's records need not show what it accepted; by the database's clock. */
  readonly notListedAfterMs: number;
  /** How long after a venue's refusal its records are searched for the payment. */
  readonly refusalLookupAfterMs: number;
  /** Milliseconds between two readings of the venue's records. */
  readonly recordIntervalMs: number;
  /** Folders with the venue's own invariants, beside those every connector has. */
  readonly invariants: readonly URL[];
}

export interface ConnectorParts {
  readonly database: Database;
  readonly unitOfWork: UnitOfWork;
  readonly logger: Logger;
  readonly adapter: VenueAdapter;
  readonly ratePlan: RatePlan;
  readonly venueClock: VenueClock;
  /** Calls the venue's time endpoint, or another one without effect: every answer carries its time. */
  readonly readVenueClock: () => Promise<unknown>;
  /** Checks what must hold before anything is sent, e.g. that the API key may read records. Answers the fault, or null. */
  readonly startCheck: () => Promise<string | null>;
}

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);
const SWEEP_MS = 500;
const CHECK_AGAIN_MS = 5_000;
const IDLE_MS = 3_600_000;
const HINTED = `UPDATE submission SET next_action_at = clock_timestamp() WHERE venue_reference = ANY ($1::text[]) AND state = 'accepted'`;

/** Everything of a connector that is not its venue: command handling, workers, and what operators see. One per process; several processes may share a database. */
export class ConnectorEngine {
  readonly commands: CommandHandler;
  readonly decisions: Decisions;
  readonly views: SubmissionViews;
  readonly halts: Halts;
  readonly invariants: { check(): Promise<InvariantReport> };
  /** Why nothing is sent yet; null once the start-up check has passed. */
  startFault: string | null = 'the start-up check has not run yet';
  private readonly reader: RecordReader;
  private readonly checker: BackgroundLoop;
  private readonly clockKeeper: BackgroundLoop;
  private readonly heartbeat: Heartbeat;
  private readonly sweeper: BackgroundLoop;
  private readonly poller: BackgroundLoop;
  private readonly workers: readonly SubmissionWorker[];
  private readonly loops: readonly BackgroundLoop[];
  private readonly leases: WorkerLease[] = [];
  /** Who holds this process's leases: a restarted process is another owner. */
  private readonly owner = randomUUID();

  constructor(
    private readonly parts: ConnectorParts,
    options: ConnectorOptions,
  ) {
    const { database, unitOfWork, logger, adapter, ratePlan } = parts;
    const { capabilities } = adapter;
    const { venueClock: clock, readVenueClock } = parts;
    const gate = { clock, fault: () => this.sendFault() };
    const events = new EventWriter(capabilities.venue, () => database.clock.now());
    const queue = new SubmissionQueue(database, unitOfWork, events, this.owner);
    const committer = new OutcomeCommitter(
      new Outcomes(unitOfWork, events, options.refusalLookupAfterMs),
      logger,
    );
    this.commands = this.commandHandler(events);
    this.decisions = new Decisions(database, unitOfWork, events, new VenueProof(adapter, clock));
    this.views = new SubmissionViews(database, () => this.sendFault() ?? this.reader.fault());
    this.halts = new Halts(database, unitOfWork);
    this.invariants = { check: () => checkInvariants(database, INVARIANTS, ...options.invariants) };
    this.workers = capabilities.forms.map(
      (form) =>
        new SubmissionWorker(form, adapter, queue, ratePlan, committer, logger, gate, options),
    );
    const open = new OpenSubmissions(database, unitOfWork, events);
    this.reader = this.readerOf(open, options.recordIntervalMs);
    this.poller = new StatusPoller(
      adapter,
      clock,
      open,
      this.lease('poller'),
      logger,
      options,
    ).loop;
    this.loops = [this.poller, this.reader.loop, ...this.lookUpsOf(events, gate)];
    this.sweeper = new BackgroundLoop('sweeper', logger, () => queue.sweep().then(() => SWEEP_MS));
    registerClockGauge('venue', clock);
    this.clockKeeper = new ClockKeeper(clock, readVenueClock, logger).loop;
    this.heartbeat = new Heartbeat(database, logger);
    this.checker = new BackgroundLoop('start-up check', logger, () => this.check());
  }

  /**
   * Installs the rate plan; sending starts with the first start-up check that passes. Until then commands are only stored, and those
   * whose deadline passes are refused as expired, which needs no venue.
   */
  async start(): Promise<void> {
    const { ratePlan, logger } = this.parts;
    await untilReachable(
      () => ratePlan.install().then(() => this.heartbeat.begin()),
      (error) => logger.warn({ err: error }, 'the rate plan waits for the database'),
    );
    this.heartbeat.loop.start();
    this.sweeper.start();
    this.clockKeeper.start();
    this.checker.start();
  }

  /** Why nothing is sent now; null when something may be. Look-ups and polling go on meanwhile. */
  sendFault(): string | null {
    return this.startFault ?? this.parts.venueClock.fault() ?? this.parts.database.clock.fault();
  }

  /** Why orders are looked up before they are sent, until the venue's record was read through once; null since then. */
  recordFault(): string | null {
    return this.reader.fault();
  }

  /** What makes it unready, beyond the faults of the platform. */
  faults(): readonly string[] {
    const { venue } = this.parts.adapter.capabilities;
    return [this.startFault, this.parts.venueClock.fault()].flatMap((fault) =>
      fault === null ? [] : [`${venue}: ${fault}`],
    );
  }

  /** There may be something new to send. */
  wake(): void {
    for (const { loop } of this.workers) loop.wake();
  }

  /** The venue reports a change of these (a webhook). It is not trusted: it only makes the poller look them up now. */
  async hint(venueReferences: readonly string[]): Promise<void> {
    await this.parts.database.query(HINTED, [venueReferences]);
    this.poller.wake();
  }

  /** Claims nothing more, waits for calls under way and stores their outcomes. */
  async stop(): Promise<void> {
    await this.checker.stop();
    await Promise.all([
      ...this.workers.map((worker) => worker.stop()),
      ...[this.sweeper, this.clockKeeper, this.heartbeat.loop, ...this.loops].map((loop) =>
        loop.stop(),
      ),
    ]);
    await Promise.all(this.leases.map((lease) => lease.release()));
  }

  private lease(name: string): WorkerLease {
    const lease = new WorkerLease(this.parts.database, name, this.owner);
    this.leases.push(lease);
    return lease;
  }

  private commandHandler(events: EventWriter): CommandHandler {
    const { unitOfWork, adapter, ratePlan } = this.parts;
    const { capabilities } = adapter;
    const isReadThrough = () => this.reader.isThrough;
    return new CommandHandler(
      unitOfWork,
      new SubmitHandler(capabilities, events, ratePlan, isReadThrough),
      new CancelHandler(capabilities, events),
      new SubmissionReport(events),
      new RepeatedOrders(events),
      () => this.wake(),
    );
  }

  private readerOf(open: OpenSubmissions, recordIntervalMs: number): RecordReader {
    const { unitOfWork, logger, adapter, venueClock, database } = this.parts;
    const options = { recordIntervalMs, watchForMs: watchForMs(adapter.capabilities) };
    const watch = new RecordWatch(unitOfWork, logger, options.watchForMs);
    const lease = this.lease('record');
    return new RecordReader(
      adapter,
      venueClock,
      database,
      open,
      watch,
      lease,
      logger,
      options,
      () => this.beginSending(),
    );
  }

  /** The loops that ask the venue about submissions it may know more about. */
  private lookUpsOf(
    events: EventWriter,
    gate: SendGate & { readonly clock: VenueClock },
  ): BackgroundLoop[] {
    const { database, unitOfWork, logger, adapter, venueClock } = this.parts;
    const search = new RecordSearch(adapter, venueClock, database);
    const unknown = new UnknownSubmissions(database, unitOfWork, adapter.capabilities, events);
    const wake = () => this.wake();
    return [
      new UnknownResolver(adapter, gate, unknown, this.lease('resolver'), logger, wake).loop,
      new RefusalCheck(
        adapter,
        search,
        database,
        unitOfWork,
        events,
        this.lease('refusals'),
        logger,
      ).loop,
      new SentReport(unitOfWork, events, logger).loop,
      new FirstLookup(
        adapter,
        search,
        database,
        unitOfWork,
        events,
        this.lease('first look-ups'),
        logger,
        wake,
      ).loop,
      new Canceller(adapter, database, unitOfWork, events, this.lease('canceller'), logger).loop,
    ];
  }

  private async check(): Promise<number> {
    if (this.startFault === null) return IDLE_MS;
    this.startFault = await this.parts.startCheck();
    if (this.startFault !== null) {
      this.parts.logger.error(
        { fault: this.startFault },
        'nothing is sent: the start-up check failed and will be repeated',
      );
      return CHECK_AGAIN_MS;
    }
    for (const loop of this.loops) loop.start();
    return IDLE_MS;
  }

  /** This database may have been restored to an earlier moment: nothing is sent before the venue's records were read. */
  private beginSending(): void {
    for (const { loop } of this.workers) loop.start();
  }
}

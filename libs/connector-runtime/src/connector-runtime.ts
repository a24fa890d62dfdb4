import { randomUUID } from 'node:crypto';
import type { VenueAdapter } from '@sluice/connector-core';
import { checkInvariants, type Database, type InvariantReport, type UnitOfWork } from '@sluice/postgres';
import { Canceller } from './cancel/canceller.js';
import { Decisions } from './doors/decisions.js';
import { SubmissionViews } from './doors/submission-views.js';
import { CancelIntake } from './intake/cancel-intake.js';
import { CommandIntake } from './intake/command-intake.js';
import { SubmissionIntake } from './intake/submission-intake.js';
import { Outcomes } from './queue/outcomes.js';
import { SubmissionQueue } from './queue/submission-queue.js';
import type { RatePlan } from './rate/rate-plan.js';
import { OpenSubmissions } from './status/open-submissions.js';
import { StatusPoller } from './status/status-poller.js';
import { UnknownResolver } from './unknown/unknown-resolver.js';
import { UnknownSubmissions } from './unknown/unknown-submissions.js';
import { EventWriter } from './wire.js';
import { Loop, type Logger } from './worker/loop.js';
import { OutcomeCommitter } from './worker/outcome-committer.js';
import { SubmissionWorker, type WorkerOptions } from './worker/submission-worker.js';
import { WorkerLease } from './worker/worker-lease.js';

export interface ConnectorOptions extends WorkerOptions {
  /** Rest between two rounds of status polling while something is open. */
  readonly pollIntervalMs: number;
  /** Folders with the venue's own invariants, beside those every connector has. */
  readonly invariants: readonly URL[];
}

export interface ConnectorParts {
  readonly database: Database;
  readonly unitOfWork: UnitOfWork;
  readonly logger: Logger;
  readonly adapter: VenueAdapter;
  readonly ratePlan: RatePlan;
  /** Whether this key can find again what it pays, and whatever else must hold before anything is sent. Answers the fault, or null. */
  readonly startCheck: () => Promise<string | null>;
}

const INVARIANTS = new URL('./postgres/invariants/', import.meta.url);
const SWEEP_MS = 500;
const CHECK_AGAIN_MS = 5_000;
const IDLE_MS = 3_600_000;
const HINTED = `UPDATE submission SET next_action_at = clock_timestamp() WHERE venue_reference = ANY ($1::text[]) AND state = 'accepted'`;

/** Everything of a connector that is not its venue: intake, workers, and what operators see. One per process; several processes may share a database. */
export class ConnectorRuntime {
  readonly intake: CommandIntake;
  readonly decisions: Decisions;
  readonly views: SubmissionViews;
  readonly invariants: { check(): Promise<InvariantReport> };
  /** Why nothing is sent yet; null once the start-up check has passed. */
  startFault: string | null = 'the start-up check has not run yet';
  private readonly checker: Loop;
  private readonly sweeper: Loop;
  private readonly poller: Loop;
  private readonly workers: readonly SubmissionWorker[];
  private readonly loops: readonly Loop[];
  private readonly leases: readonly WorkerLease[];

  constructor(
    private readonly parts: ConnectorParts,
    options: ConnectorOptions,
  ) {
    const { database, unitOfWork, logger, adapter, ratePlan } = parts;
    const { capabilities } = adapter;
    const owner = randomUUID(); // this incarnation: a restarted process is another owner
    const events = new EventWriter(capabilities.venue);
    const queue = new SubmissionQueue(database, unitOfWork, events, owner);
    const committer = new OutcomeCommitter(new Outcomes(unitOfWork, events), logger);
    const leaseOf = (name: string): WorkerLease => new WorkerLease(database, name, owner);

    this.intake = new CommandIntake(unitOfWork, new SubmissionIntake(capabilities, events, ratePlan), new CancelIntake(capabilities, events), () =>
      this.wake(),
    );
    this.decisions = new Decisions(unitOfWork, events);
    this.views = new SubmissionViews(database);
    this.invariants = { check: () => checkInvariants(database, INVARIANTS, ...options.invariants) };
    this.workers = capabilities.forms.map((form) => new SubmissionWorker(form, adapter, queue, ratePlan, committer, logger, options));
    this.leases = ['resolver', 'poller', 'canceller'].map(leaseOf);
    const [resolving, polling, cancelling] = this.leases as [WorkerLease, WorkerLease, WorkerLease];
    this.poller = new StatusPoller(adapter, new OpenSubmissions(database, unitOfWork, events), polling, logger, options.pollIntervalMs).loop;
    this.loops = [
      new UnknownResolver(adapter, new UnknownSubmissions(database, unitOfWork, capabilities, events), resolving, logger, () => this.wake()).loop,
      this.poller,
      new Canceller(adapter, database, unitOfWork, events, cancelling, logger).loop,
    ];
    this.sweeper = new Loop('sweeper', logger, () => queue.sweep().then(() => SWEEP_MS));
    this.checker = new Loop('start-up check', logger, () => this.check());
  }

  /**
   * Installs the rate plan; sending starts with the first start-up check that passes. Until then commands are only stored, and those
   * whose time runs out are given back: that needs no venue.
   */
  async start(): Promise<void> {
    await this.parts.ratePlan.install();
    this.sweeper.start();
    this.checker.start();
  }

  /** Something new may be there to be sent. */
  wake(): void {
    for (const { loop } of this.workers) loop.wake();
  }

  /** The venue says that something happened to these: it is believed no further than to look them up now. */
  async hint(venueReferences: readonly string[]): Promise<void> {
    await this.parts.database.query(HINTED, [venueReferences]);
    this.poller.wake();
  }

  /** Claims nothing more, waits for calls under way and stores their outcomes. */
  async stop(): Promise<void> {
    await this.checker.stop();
    await Promise.all([...this.workers.map((worker) => worker.stop()), ...[this.sweeper, ...this.loops].map((loop) => loop.stop())]);
    await Promise.all(this.leases.map((lease) => lease.release()));
  }

  private async check(): Promise<number> {
    if (this.startFault === null) return IDLE_MS;
    this.startFault = await this.parts.startCheck();
    if (this.startFault !== null) {
      this.parts.logger.error({ fault: this.startFault }, 'nothing is sent: the start-up check failed and will be repeated');
      return CHECK_AGAIN_MS;
    }
    for (const { loop } of this.workers) loop.start();
    for (const loop of this.loops) loop.start();
    return IDLE_MS;
  }
}

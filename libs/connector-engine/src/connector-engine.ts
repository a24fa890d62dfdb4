import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { Database, untilReachable } from '@sluice/postgres';
import {
  haltAtStart,
  Health,
  InjectConfig,
  InjectLogger,
  registerClockGauge,
} from '@sluice/service-shell';
import { AssetRefresh } from './assets/asset-refresh.js';
import { Ceilings } from './ceilings/ceilings.js';
import { ClockKeeper } from './clock/clock-keeper.js';
import type { ConnectorConfig } from './config.js';
import { Heartbeat } from './confirm/heartbeat.js';
import { SubmissionQueue } from './queue/submission-queue.js';
import { RestoredDatabase } from './confirm/restored-database.js';
import { UnderWay } from './loops/under-way.js';
import { RatePlan } from './rate/rate-plan.js';
import {
  InjectCapabilities,
  InjectStartCheck,
  VENUE_LOOPS,
  type VenueStartCheck,
} from './tokens/tokens.js';
import { SendGate } from './worker/send-gate.js';
import { SubmissionWorkers } from './worker/submission-workers.js';
import { WorkerLeases } from './loops/worker-lease.js';

const SWEEP_MS = 500;
const CHECK_AGAIN_MS = 5_000;
const IDLE_MS = 3_600_000;

/**
 * Starts and stops the background work of a connector. Single instance per process; several
 * processes may share a database.
 */
@Injectable()
export class ConnectorEngine implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly checker: BackgroundLoop;
  private readonly sweeper: BackgroundLoop;

  constructor(
    private readonly gate: SendGate,
    private readonly ratePlan: RatePlan,
    private readonly ceilings: Ceilings,
    private readonly assets: AssetRefresh,
    private readonly database: Database,
    private readonly heartbeat: Heartbeat,
    private readonly restored: RestoredDatabase,
    private readonly clockKeeper: ClockKeeper,
    private readonly workers: SubmissionWorkers,
    @Inject(VENUE_LOOPS) private readonly venueLoops: readonly BackgroundLoop[],
    private readonly leases: WorkerLeases,
    @InjectStartCheck() private readonly venue: VenueStartCheck,
    @InjectCapabilities() private readonly capabilities: VenueCapabilities,
    @InjectLogger() private readonly logger: Logger,
    @InjectConfig() private readonly config: Pick<ConnectorConfig, 'startHalted'>,
    queue: SubmissionQueue,
    underWay: UnderWay,
    health: Health,
  ) {
    this.checker = new BackgroundLoop('start-up check', logger, () => this.check());
    this.sweeper = new BackgroundLoop('sweeper', logger, async () => {
      if (await underWay.any()) await queue.sweep();
      return SWEEP_MS;
    });
    health.add('connector', () => this.faults());
    registerClockGauge('venue', gate.clock);
  }

  /**
   * Installs the rate plan; sending starts with the first passed start-up check. Before, commands
   * are only stored, and orders past their deadline are refused as expired without a venue call.
   */
  async onApplicationBootstrap(): Promise<void> {
    this.restored.watch();
    await untilReachable(
      async () => {
        await this.ratePlan.install();
        await this.ceilings.install(this.database);
        await this.assets.look();
        await this.heartbeat.begin();
      },
      (error) => this.logger.warn({ err: error }, 'the rate plan waits for the database'),
    );
    await haltAtStart(this.database, this.config, this.logger);
    this.heartbeat.loop.start();
    this.sweeper.start();
    this.assets.loop.start();
    this.clockKeeper.loop.start();
    this.checker.start();
  }

  /** Stops claiming, waits for calls under way and stores their outcomes. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.checker.stop();
    await Promise.all([
      this.workers.stop(),
      ...[this.sweeper, this.clockKeeper.loop, this.heartbeat.loop, this.assets.loop].map((loop) =>
        loop.stop(),
      ),
      ...this.venueLoops.map((loop) => loop.stop()),
    ]);
    await this.leases.release();
  }

  /** Readiness faults beyond the faults of the platform. */
  private faults(): readonly string[] {
    return [this.gate.startFault, this.gate.clock.fault()].flatMap((fault) =>
      fault === null ? [] : [`${this.capabilities.venue}: ${fault}`],
    );
  }

  /**
   * Repeats the start-up check until passed. The loops with venue queries start afterwards; the
   * workers send once the venue's records are read (`RecordReader`).
   */
  private async check(): Promise<number> {
    if (this.gate.startFault === null) return IDLE_MS;
    this.gate.startFault = await this.venue.fault();
    if (this.gate.startFault !== null) {
      this.logger.error(
        { fault: this.gate.startFault },
        'orders are not sent: the start-up check failed and will be repeated',
      );
      return CHECK_AGAIN_MS;
    }
    for (const loop of this.venueLoops) loop.start();
    return IDLE_MS;
  }
}

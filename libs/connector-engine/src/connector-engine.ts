import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { BackgroundLoop } from '@sluice/runtime';
import { WorkerLeases } from './loops/worker-lease.js';
import { PrepareSending, StartCheck } from './start/start-check.js';
import { ENGINE_LOOPS } from './tokens/tokens.js';
import { SubmissionWorkers } from './worker/submission-workers.js';

/** Starts and stops the background work of a connector. Several processes may share a database. */
@Injectable()
export class ConnectorEngine implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly prepare: PrepareSending,
    @Inject(ENGINE_LOOPS) private readonly loops: readonly BackgroundLoop[],
    private readonly startCheck: StartCheck,
    private readonly workers: SubmissionWorkers,
    private readonly leases: WorkerLeases,
  ) {}

  /** Sending starts with the first passed start-up check. Before, orders are stored or expire. */
  async onApplicationBootstrap(): Promise<void> {
    await this.prepare.run();
    for (const loop of [...this.loops, this.startCheck.loop]) loop.start();
  }

  /** Stops claiming, waits for calls under way and stores their outcomes. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.startCheck.loop.stop();
    await Promise.all([
      this.workers.stop(),
      ...this.loops.map((loop) => loop.stop()),
      this.startCheck.stopVenueLoops(),
    ]);
    await this.leases.release();
  }
}

import { Injectable } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import { untilReachable } from '@sluice/postgres';
import { InjectLogger } from '@sluice/service-shell';
import { AssetRefresh } from '../assets/asset-refresh.js';
import { Heartbeat } from '../confirm/heartbeat.js';
import { RestoredDatabase } from '../confirm/restored-database.js';
import { ConfiguredLimits } from './configured-limits.js';

/** Prepares the database for this process, before any loop starts. */
@Injectable()
export class PrepareSending {
  constructor(
    private readonly restored: RestoredDatabase,
    private readonly limits: ConfiguredLimits,
    private readonly assets: AssetRefresh,
    private readonly heartbeat: Heartbeat,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  async run(): Promise<void> {
    this.restored.watch();
    await untilReachable(
      async () => {
        await this.limits.install();
        await this.assets.look();
        await this.heartbeat.begin();
      },
      (error) => this.logger.warn({ err: error }, 'the rate plan waits for the database'),
    );
    await this.limits.haltAtStart();
  }
}

import { Injectable } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import { Database } from '@sluice/postgres';
import { haltAtStart, InjectConfig, InjectLogger } from '@sluice/service-shell';
import { Ceilings } from '../ceilings/ceilings.js';
import { RatePlan } from '../rate/rate-plan.js';

/** Limits of sending by the settings, stored in the database for all instances. */
@Injectable()
export class ConfiguredLimits {
  constructor(
    private readonly ratePlan: RatePlan,
    private readonly ceilings: Ceilings,
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
    @InjectConfig() private readonly config: { readonly startHalted: string | null },
  ) {}

  async install(): Promise<void> {
    await this.ratePlan.install();
    await this.ceilings.install(this.database);
  }

  haltAtStart(): Promise<void> {
    return haltAtStart(this.database, this.config, this.logger);
  }
}

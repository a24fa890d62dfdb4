import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { BackgroundLoop } from '@sluice/runtime';
import { Database } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { Ceilings } from '../ceilings/ceilings.js';
import { RatePlan } from '../rate/rate-plan.js';
import { addedAssets, LOOK_EVERY_MS } from './stored-asset.js';
import { VenueAssets, withAdded } from './venue-assets.js';

/** Keeps the added assets of this process in step with the database. */
@Injectable()
export class AssetRefresh {
  readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly assets: VenueAssets,
    private readonly ratePlan: RatePlan,
    private readonly ceilings: Ceilings,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.loop = BackgroundLoop.every(LOOK_EVERY_MS, 'check added assets', logger, () =>
      this.look(),
    );
  }

  /**
   * Publishes an asset within the process only after its counters and lanes exist, because an asset
   * without them could be sent without a limit.
   */
  async look(): Promise<void> {
    const added = await addedAssets(this.database);
    if (isDeepStrictEqual(added, this.assets.all)) return;
    const next = withAdded(this.assets.builtIn, () => added);
    await this.ratePlan.addLanes(next);
    await this.ceilings.install(this.database, next);
    this.assets.replace(added);
    this.logger.info(
      { assets: added.filter(({ payable }) => payable).map(({ asset }) => asset) },
      'the list of assets of the venue has changed',
    );
  }
}

import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { HaltScope } from '@sluice/admin-api';
import { BackgroundLoop } from '@sluice/background';
import { haltAtStart, haltsInForce } from '@sluice/halt';
import { Database } from '@sluice/postgres';
import { InjectConfig, InjectLogger, type Logger } from '@sluice/service-shell';
import type { Catalogue, PricedOrder } from '@sluice/withdrawal-core';
import type { IntakeConfig } from '../config.js';

const LOOK_EVERY_MS = 500;

/**
 * The halts of all instances, in memory: a look each half second, and at once in the instance that changed one. A request that is taken
 * within that time is held back by the connectors, which have halts of their own.
 */
@Injectable()
export class HaltsInForce implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: BackgroundLoop;
  private halted: ReadonlySet<string> = new Set();

  constructor(
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
    @InjectConfig() private readonly config: Pick<IntakeConfig, 'startHalted'>,
  ) {
    this.loop = BackgroundLoop.every(LOOK_EVERY_MS, 'look at the halts', logger, () => this.look());
  }

  async onApplicationBootstrap(): Promise<void> {
    await haltAtStart(this.database, this.config, this.logger);
    await this.look().catch(() => undefined); // without its database the service takes nothing anyway
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  async look(): Promise<void> {
    const halts = await haltsInForce(this.database);
    this.halted = new Set(halts.map(({ scope, target }) => haltOf(scope, target)));
  }

  /** What of this order is halted, the key first; null when it may go on. */
  covering({ keyId, accountId, asset }: PricedOrder): 'key' | 'more' | null {
    if (this.halted.size === 0) return null;
    if (this.halted.has(haltOf('key', keyId))) return 'key';
    const covers =
      this.halted.has(haltOf('all', null)) ||
      this.halted.has(haltOf('asset', asset)) ||
      this.halted.has(haltOf('account', accountId));
    return covers ? 'more' : null;
  }

  isVenueHalted(venue: string): boolean {
    return this.halted.has(haltOf('venue', venue));
  }

  /** The same terms, with each venue paused that is halted. */
  applyTo(catalogue: Catalogue): Catalogue {
    if (this.halted.size === 0) return catalogue;
    return {
      ...catalogue,
      terms: (currency, network) => {
        const terms = catalogue.terms(currency, network);
        if (terms === null) return null;
        const venues = terms.venues.map((venue) =>
          this.isVenueHalted(venue.name) ? ({ ...venue, state: 'paused' } as const) : venue,
        );
        return { ...terms, venues };
      },
    };
  }
}

function haltOf(scope: HaltScope, target: string | null): string {
  return `${scope} ${target ?? ''}`;
}

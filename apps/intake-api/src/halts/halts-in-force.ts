import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { HaltScope } from '@sluice/http-api';
import { BackgroundLoop, monotonicMs } from '@sluice/runtime';
import {
  haltAtStart,
  HaltLifts,
  InjectConfig,
  InjectLogger,
  type Logger,
} from '@sluice/service-shell';
import { Database } from '@sluice/postgres';
import type { Catalogue, PricedOrder } from '@sluice/withdrawal-core';
import type { IntakeConfig } from '../settings/intake-settings.js';
import { DeadlineError } from '../http/deadline.js';

const LOOK_EVERY_MS = 500;
/** Age (ms) above which the halts in memory are unknown, for example after an outage of the database. */
const FRESH_FOR_MS = 2_500;

/**
 * Halts of all instances, in memory. Polled every 0.5 s, and read at once in the instance that
 * changed a halt. A request accepted within the 0.5 s is held back by the connectors, because
 * connectors have their own halts.
 */
@Injectable()
export class HaltsInForce implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: BackgroundLoop;
  private halted: ReadonlySet<string> = new Set();
  private readAtMs = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly lifts: HaltLifts,
    @InjectLogger() private readonly logger: Logger,
    @InjectConfig() private readonly config: Pick<IntakeConfig, 'startHalted'>,
  ) {
    this.loop = BackgroundLoop.every(LOOK_EVERY_MS, 'check the halts', logger, () => this.look());
  }

  async onApplicationBootstrap(): Promise<void> {
    await haltAtStart(this.database, this.config, this.logger);
    // the service accepts no requests without the database anyway
    await this.look().catch(() => undefined);
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  async look(): Promise<void> {
    const began = monotonicMs();
    await this.lifts.look(); // a lift by another instance takes effect with this look
    const halts = await this.lifts.inForce(this.database);
    this.readAtMs = began;
    this.halted = new Set(halts.map(({ scope, target }) => haltOf(scope, target)));
  }

  /**
   * Throws `DeadlineError` (`unavailable`) if the halts were not read in the last 2.5 seconds: another
   * instance may have halted the order.
   */
  requireFresh(): void {
    if (monotonicMs() - this.readAtMs > FRESH_FOR_MS) throw new DeadlineError('unavailable');
  }

  /** Returns the halted part of the order, the key first; null if no halt covers the order. */
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

  /** Returns the same terms with each halted venue paused. */
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

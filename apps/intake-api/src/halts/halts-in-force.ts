import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { HaltScope } from '@sluice/http-api';
import { monotonicMs } from '@sluice/runtime';
import {
  HALT_ENDS,
  haltAtStart,
  HaltLifts,
  inForceSql,
  InjectConfig,
  InjectLogger,
  type Logger,
} from '@sluice/service-shell';
import { Database } from '@sluice/postgres';
import type { Catalogue, PricedOrder } from '@sluice/withdrawal-core';
import type { IntakeConfig } from '../settings/intake-settings.js';
import { DeadlineError } from '../http/deadline.js';

/** Age (ms) above which a request causes another look at the halts. */
const LOOK_AFTER_MS = 700;
/** Age (ms) above which a request waits for the look: the first request after a rest. */
const AWAITED_AFTER_MS = 1_000;
/** Age (ms) above which the halts in memory are unknown, for example after an outage of the database. */
const FRESH_FOR_MS = 2_500;

/**
 * Halts of all instances, in memory, at most a second old for a request. Connectors have their own
 * halts, and hold back requests accepted within the second.
 */
@Injectable()
export class HaltsInForce implements OnApplicationBootstrap {
  private halted: ReadonlySet<string> = new Set();
  private readAtMs = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly lifts: HaltLifts,
    @InjectLogger() private readonly logger: Logger,
    @InjectConfig() private readonly config: Pick<IntakeConfig, 'startHalted'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await haltAtStart(this.database, this.config, this.logger);
    // the service accepts no requests without the database anyway
    await this.look().catch(() => undefined);
    this.database.poll.add<readonly Halted[]>({
      sql: (param) =>
        `SELECT coalesce(json_agg(json_build_object('scope', h.scope, 'target', h.target)), '[]') FROM halt h WHERE ${inForceSql('h', HALT_ENDS, param(this.lifts.verified))}`,
      onAnswer: (halts, { askedAtMs }) => this.learn(halts, askedAtMs),
    });
  }

  /** Called for each request, beside other look-ups. Does not throw. */
  async beforeRequest(): Promise<void> {
    const ageMs = monotonicMs() - this.readAtMs;
    if (ageMs <= LOOK_AFTER_MS) return;
    const looked = this.database.poll.ask();
    if (ageMs > AWAITED_AFTER_MS) await looked;
  }

  async look(): Promise<void> {
    const began = monotonicMs();
    await this.lifts.look(); // a lift by another instance takes effect with this look
    this.learn(await this.lifts.inForce(this.database), began);
  }

  /** An answer to an earlier question than the newest answered one is ignored. */
  private learn(halts: readonly Halted[], askedAtMs: number): void {
    if (askedAtMs < this.readAtMs) return;
    this.readAtMs = askedAtMs;
    this.halted = new Set(halts.map(({ scope, target }) => haltOf(scope, target)));
  }

  /**
   * Throws `DeadlineError` if the halts are older than 2.5 seconds: another instance may have
   * halted.
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

interface Halted {
  readonly scope: HaltScope;
  readonly target: string | null;
}

function haltOf(scope: HaltScope, target: string | null): string {
  return `${scope} ${target ?? ''}`;
}

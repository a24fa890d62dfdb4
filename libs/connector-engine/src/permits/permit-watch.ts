import { Inject, Injectable } from '@nestjs/common';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { Database } from '@sluice/postgres';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { Health, InjectLogger, Permits } from '@sluice/service-shell';
import type { HeldPermit, PermittedOrder } from '@sluice/signing';
import { Gauge } from 'prom-client';
import { InjectCapabilities } from '../tokens/tokens.js';
import { coverOf, permitParameter } from './permit-parameter.js';
import { READ_PERMIT, STORE_PERMIT } from './permit-sql.js';

const LOOK_MS = 1_000;
/** Interval for a process with notifications: finds the permit of a lost notification. */
const LOOK_AT_REST_MS = 10_000;
const watched = new Map<string, HeldPermit>();
new Gauge({
  name: 'sluice_permit_seconds',
  help: 'Seconds until the auditor’s newest permit of the venue ends; 0: payments wait for a permit',
  labelNames: ['venue'],
  collect() {
    for (const [venue, held] of watched)
      this.set({ venue }, held.venueFault() === null ? held.leftMs() / 1_000 : 0);
  },
});

/**
 * The auditor's permits of this venue. The instance that receives a permit stores it; every instance
 * reads the stored permit and verifies it again. The database proves nothing: a permit that the
 * auditor did not sign does not count, and an older one does not count beside a newer one.
 */
@Injectable()
export class PermitWatch {
  readonly loop: BackgroundLoop;
  private restMs = LOOK_MS;

  constructor(
    private readonly database: Database,
    @Inject(Permits) readonly permits: Permits,
    @InjectCapabilities() { venue }: Pick<VenueCapabilities, 'venue'>,
    @InjectLogger() logger: Logger,
    health: Health,
  ) {
    const again = { firstRestMs: LOOK_MS, afterFaultMs: LOOK_MS };
    const look = () => this.look().then(() => this.restMs);
    this.loop = new BackgroundLoop("the auditor's permit", logger, look, again);
    if (!permits.areRequired) return;
    watched.set(venue, permits.held);
    health.add('permit', () => {
      const fault = permits.held.venueFault();
      return fault === null ? [] : [fault];
    });
  }

  /** Rests longer between two looks. The returned callback must be called at each stored permit. */
  whenStored(): () => void {
    this.restMs = LOOK_AT_REST_MS;
    return () => this.loop.wake();
  }

  /** Parameter of `permittedSql`, for a claiming statement about to run. */
  get parameter(): string | null {
    return permitParameter(this.permits);
  }

  /** As `Permits.fault`. */
  fault(order: PermittedOrder): string | null {
    return this.permits.fault(order);
  }

  /** Reason why the order waits for a permit; null also while permits are advisory. Counts nothing. */
  missing(order: PermittedOrder): string | null {
    return this.permits.areRequired ? this.permits.held.fault(order) : null;
  }

  /** Takes permits as they come from Kafka, oldest first, and stores the newest. */
  async learn(permits: readonly string[]): Promise<void> {
    const taken = permits.filter((permit) => this.permits.take(permit));
    if (taken.length > 0) await this.store(null);
  }

  /** Takes the stored permit, and replaces a stored permit that does not count. */
  async look(): Promise<void> {
    const [row] = await this.database.query<{ permit: string }>(READ_PERMIT);
    if (row && !this.permits.take(row.permit)) await this.store(row.permit);
  }

  private async store(instead: string | null): Promise<void> {
    const newest = this.permits.held.current();
    if (newest === null) return;
    const { text, statement } = newest;
    await this.database.query(STORE_PERMIT, [statement.number, text, coverOf(statement), instead]);
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { BackgroundLoop, monotonicMs } from '@sluice/runtime';
import { Health, InjectLogger, LoopingService, type Logger } from '@sluice/service-shell';
import { Gauge } from 'prom-client';
import { FindingSeals } from '../seals/finding-seals.js';
import { CoveredVenues } from '../venues/venue-readers.js';
import { inSnapshot } from './in-snapshot.js';
import { runChecks } from './run-checks.js';

const EVERY_MS = 5_000;
/** Two missed intervals make the service unready. */
const LATE_MS = 3 * EVERY_MS;

/**
 * Compares the facts every five seconds, and after each reading of a venue. Every instance compares:
 * a finding has one row, whichever instance finds it.
 */
@Injectable()
export class Checks extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private completedAtMs = monotonicMs();
  private startedAt: Date | null = null;

  constructor(
    private readonly database: Database,
    private readonly venues: CoveredVenues,
    private readonly seals: FindingSeals,
    health: Health,
    @InjectLogger() logger: Logger,
  ) {
    super();
    this.loop = new BackgroundLoop('checks of the auditor', logger, () => this.step(), {
      afterFaultMs: EVERY_MS,
    });
    venues.onRead = () => this.loop.wake();
    health.add('checks', () => this.faults());
    const ageS = (): number => (monotonicMs() - this.completedAtMs) / 1_000;
    new Gauge({
      name: 'sluice_auditor_check_age_seconds',
      help: 'Time since the last complete comparison of all facts by this process',
      collect() {
        this.set(ageS());
      },
    });
  }

  private async step(): Promise<number> {
    const venues = this.venues.list.map(({ venue }) => venue);
    this.startedAt ??= this.database.clock.now();
    const startedAt = this.startedAt;
    const { isMore, readAgain } = await inSnapshot(this.database, async (query) => {
      const compared = await runChecks(query, venues, startedAt);
      await this.seals.sealNew(query);
      return compared;
    });
    this.venues.readAgain(readAgain);
    this.completedAtMs = monotonicMs();
    return isMore ? 0 : EVERY_MS;
  }

  private faults(): string[] {
    const ageMs = monotonicMs() - this.completedAtMs;
    return ageMs > LATE_MS
      ? [`checks: the last complete comparison was ${Math.round(ageMs / 1_000)} s ago`]
      : [];
  }
}

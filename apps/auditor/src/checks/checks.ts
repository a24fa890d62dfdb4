import { Injectable } from '@nestjs/common';
import type { Database } from '@sluice/postgres';
import { BackgroundLoop, monotonicMs } from '@sluice/runtime';
import { InjectConfig, InjectPlatform, LoopingService, type Platform } from '@sluice/service-shell';
import { Gauge } from 'prom-client';
import { AuditedChains } from '../chains/audited-chains.js';
import { FindingSeals } from '../seals/finding-seals.js';
import { CoveredVenues } from '../venues/venue-readers.js';
import { HAS_WORK } from './check-sql.js';
import { compareReports } from '../check-reports/compare-reports.js';
import { NOT_REQUESTED } from '../requests/request-sql.js';
import { inSnapshot } from './in-snapshot.js';
import { runChecks, type Compared } from './run-checks.js';

const EVERY_MS = 5_000;
/** Time between two parts of a large comparison. */
const NEXT_PART_MS = 500;
/** Two missed intervals make the service unready. */
const LATE_MS = 3 * EVERY_MS;
/** Time between two complete comparisons while no fact waits. */
const AT_REST_MS = 15_000;
const NOTHING_WAITS: Compared = { isMore: false, readAgain: [] };

interface RequestSettings {
  /** Time after the first proven request, in which holds without a proof are accepted. */
  readonly unprovenMs: number;
}

/**
 * Compares the facts every five seconds, and after each reading of a venue. Every instance compares:
 * a finding has one row, whichever instance finds it.
 */
@Injectable()
export class Checks extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private readonly database: Database;
  private completedAtMs = monotonicMs();
  /** Begin of the last complete comparison by this process. */
  private comparedAtMs = -Infinity;
  private begunAt: Date | null = null;
  /** Begin of the time in which this process could read: its start, or the end of a pause. */
  private awakeSince: Date | null = null;

  constructor(
    @InjectPlatform()
    { database, health, logger }: Pick<Platform, 'database' | 'health' | 'logger'>,
    private readonly venues: CoveredVenues,
    private readonly wallet: AuditedChains,
    private readonly seals: FindingSeals,
    @InjectConfig() private readonly config: RequestSettings,
  ) {
    super();
    this.database = database;
    this.loop = new BackgroundLoop('checks of the auditor', logger, () => this.step(), {
      afterFaultMs: EVERY_MS,
    });
    venues.onRead = wallet.onRead = () => this.loop.wake();
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
    const venues = this.compared;
    const begunAt = this.database.clock.now();
    const awakeSince = await this.lastAwakening();
    const { isMore, readAgain } = (await this.isDue(venues, awakeSince))
      ? await this.compare(venues, awakeSince)
      : NOTHING_WAITS;
    this.venues.readAgain(readAgain);
    this.completedAtMs = monotonicMs();
    if (!isMore) this.begunAt = begunAt;
    return isMore ? NEXT_PART_MS : EVERY_MS;
  }

  /** The venues whose payments are compared. */
  get compared(): readonly string[] {
    return [...this.venues.list.map(({ venue }) => venue), ...this.wallet.names];
  }

  /** Begin of the last comparison of all waiting facts by this process; null before the first. */
  get comparedFrom(): Date | null {
    return this.begunAt;
  }

  /** At rest, everything is compared every 15 s, whatever the facts that wait. */
  private async isDue(venues: readonly string[], awakeSince: Date): Promise<boolean> {
    if (monotonicMs() - this.comparedAtMs >= AT_REST_MS) return true;
    const work = await this.database.query(HAS_WORK, [venues, awakeSince]);
    return work.length > 0;
  }

  private async compare(venues: readonly string[], awakeSince: Date): Promise<Compared> {
    const begunAtMs = monotonicMs();
    const result = await inSnapshot(this.database, async (query) => {
      await query(NOT_REQUESTED, [this.config.unprovenMs]);
      await compareReports(query);
      const compared = await runChecks(query, venues, awakeSince);
      await this.seals.sealNew(query);
      return compared;
    });
    this.comparedAtMs = begunAtMs;
    return result;
  }

  /** A frozen process, or a process without its database, could read no venue either. */
  private async lastAwakening(): Promise<Date> {
    const isLate = monotonicMs() - this.completedAtMs > LATE_MS;
    if (this.awakeSince === null || isLate) {
      await this.database.clock.read();
      this.awakeSince = this.database.clock.now();
    }
    return this.awakeSince;
  }

  private faults(): string[] {
    const ageMs = monotonicMs() - this.completedAtMs;
    return ageMs > LATE_MS
      ? [`checks: the last complete comparison was ${Math.round(ageMs / 1_000)} s ago`]
      : [];
  }
}

import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { Database } from '@sluice/postgres';
import { BackgroundLoop, monotonicMs } from '@sluice/runtime';
import { InjectPlatform, LoopingService, type Platform } from '@sluice/service-shell';
import { AuditedChains } from '../chains/audited-chains.js';
import { compareReports } from '../check-reports/report-rows.js';
import { type DatabaseGlance, Glance } from '../glance/glance.js';
import { restUntil } from '../writes/fact-writes.js';
import { NOT_REQUESTED } from '../writes/request-behind.js';
import { FindingSeals } from '../seals/finding-seals.js';
import { CoveredVenues } from '../venues/venue-readers.js';
import { type Compared, inSnapshot, runChecks } from './run-checks.js';

@Injectable()
export class AuditedSources {
  constructor(
    private readonly venues: CoveredVenues,
    private readonly wallet: AuditedChains,
  ) {}

  get names(): readonly string[] {
    return [...this.venues.list.map(({ venue }) => venue), ...this.wallet.names];
  }

  /** Calls a listener after each complete reading, with the number of listed payments. */
  onRead(listener: (listed: number) => void): void {
    this.venues.onRead = this.wallet.onRead = listener;
  }

  readAgain(venues: readonly string[]): void {
    this.venues.readAgain(venues);
  }
}

const EVERY_MS = 5_000;
/** While facts wait, the next position ends the rest. */
const UNTIL_POSITION_MS = 6_000;
/** Time between two parts of a large comparison. */
const NEXT_PART_MS = 500;
/** Two missed intervals make the service unready. */
const LATE_MS = 3 * EVERY_MS;
/** Time between two complete comparisons while no fact waits, and the tolerance of the common moments. */
const [AT_REST_MS, SLACK_MS] = [15_000, 1_000];
/** A venue without a complete reading for this time has an outage. */
const UNREAD_MS = 60_000;
const NOTHING_WAITS: Compared = { isMore: false, readAgain: [] };

/**
 * Compares every five seconds while a fact waits, after a reading, and every 15 seconds at rest.
 * Every instance compares: a finding has one row.
 */
@Injectable()
export class Checks extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private readonly database: Database;
  private completedAtMs = monotonicMs();
  private comparedAtMs = -Infinity;
  private begunAt: Date | null = null;
  private didWait = true;
  /** Begin of the time in which this process could read: its start, or the end of a pause. */
  private awakeSince: Date | null = null;

  constructor(
    @InjectPlatform()
    { database, health, logger }: Pick<Platform, 'database' | 'health' | 'logger'>,
    private readonly sources: AuditedSources,
    private readonly glance: Glance,
    private readonly seals: FindingSeals,
  ) {
    super();
    this.database = database;
    this.loop = new BackgroundLoop('checks of the auditor', logger, () => this.step(), {
      afterFaultMs: EVERY_MS,
    });
    sources.onRead((listed) => {
      if (listed > 0 || this.didWait) this.lookNow();
    });
    glance.onPosition = () => this.lookNow();
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

  lookNow(): void {
    this.glance.forget();
    this.loop.wake();
  }

  private async step(): Promise<number> {
    const awakeSince = await this.lastAwakening();
    const seen = await this.glance.read();
    this.didWait = seen.waits;
    await this.verifySeals();
    const { isMore, readAgain } = this.isDue(seen, awakeSince)
      ? await this.compare(awakeSince)
      : NOTHING_WAITS;
    this.sources.readAgain(readAgain);
    this.completedAtMs = monotonicMs();
    if (!isMore) this.begunAt = seen.at; // a fact stored later may not be compared
    if (isMore) return NEXT_PART_MS;
    return seen.waits ? UNTIL_POSITION_MS : restUntil(EVERY_MS);
  }

  /** The findings are part of a recent glance, or are read. */
  private async verifySeals(): Promise<void> {
    const sealed = this.glance.takeSealed();
    if (sealed !== null) await this.seals.verify(sealed);
    else if (this.seals.isDue) await this.seals.look();
  }

  /** The venues whose payments are compared. */
  get compared(): readonly string[] {
    return this.sources.names;
  }

  /** Begin of the last comparison of all waiting facts by this process; null before the first. */
  get comparedFrom(): Date | null {
    return this.begunAt;
  }

  /** At rest, everything is compared every 15 s, whatever the facts that wait. */
  private isDue({ at, waits, venues }: DatabaseGlance, awakeSince: Date): boolean {
    const isLong = monotonicMs() - this.comparedAtMs >= AT_REST_MS - SLACK_MS;
    const isUnread = venues
      .filter(({ venue }) => this.compared.includes(venue))
      .some(({ readAt }) => {
        const since = Math.max(readAt?.getTime() ?? 0, awakeSince.getTime());
        return since < at.getTime() - UNREAD_MS;
      });
    return isLong || waits || isUnread;
  }

  private async compare(awakeSince: Date): Promise<Compared> {
    const begunAtMs = monotonicMs();
    const result = await inSnapshot(this.database, async (query) => {
      await query(NOT_REQUESTED);
      await compareReports(query);
      const compared = await runChecks(query, this.compared, awakeSince);
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

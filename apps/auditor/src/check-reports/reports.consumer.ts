import { Controller, Injectable } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { AUDIT_REPORTS, type AuditReports, type Message } from '@sluice/messages';
import { rowsJson } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';
import { InjectLogger, type Logger, LoopingService } from '@sluice/service-shell';
import { entryRows, STORE_ENTRIES } from './audit-entries.js';
import { demandRows, isDemand, STORE_DEMANDS } from './demands.js';
import { FactWrites, restUntil } from '../writes/fact-writes.js';
import { isMissed, type ReportRow, reportRows, STORE_REPORTS } from './report-rows.js';

const EVERY_MS = 10_000;
/** A process reports every 15 s. */
const [FRESH_MS, FORGOTTEN_MS] = [30_000, 600_000];

/**
 * Keeps ordinary reports in memory until the next common write, and stores every other report at
 * once. A crash loses ten seconds of ordinary reports, which processes repeat within 15 s; a
 * service is missed after 60 s.
 */
@Injectable()
export class PendingReports extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private pending = new Map<string, ReportRow>();
  private readonly ordinary = new Map<string, number>();

  constructor(
    private readonly writes: FactWrites,
    @InjectLogger() logger: Logger,
  ) {
    super();
    this.loop = new BackgroundLoop('reports of checks', logger, async () => {
      await this.store();
      return restUntil(EVERY_MS);
    });
  }

  /** Keeps ordinary reports, and returns true. Returns false for reports to store at once. */
  keep(rows: readonly ReportRow[]): boolean {
    const missed = new Set(rows.filter(isMissed).map(processOf));
    const areOrdinary = missed.size === 0 && rows.every((row) => this.isAfterOrdinary(row));
    for (const row of rows) this.remember(row, missed);
    if (areOrdinary) this.add(rows);
    return areOrdinary;
  }

  private isAfterOrdinary(row: ReportRow): boolean {
    const before = this.ordinary.get(processOf(row));
    return before !== undefined && Date.parse(row.reported_at) - before < FRESH_MS;
  }

  private remember(row: ReportRow, missed: ReadonlySet<string>): void {
    const [process, at] = [processOf(row), Date.parse(row.reported_at)];
    if (missed.has(process)) this.ordinary.delete(process);
    else this.ordinary.set(process, Math.max(at, this.ordinary.get(process) ?? at));
    for (const [other, lastAt] of this.ordinary)
      if (lastAt < at - FORGOTTEN_MS) this.ordinary.delete(other);
  }

  /** The newest report of each check counts. */
  private add(rows: readonly ReportRow[]): void {
    for (const row of rows) {
      const key = JSON.stringify([row.service, row.instance, row.check_name]);
      const known = this.pending.get(key);
      if (known === undefined || Date.parse(known.reported_at) < Date.parse(row.reported_at))
        this.pending.set(key, row);
    }
  }

  async store(): Promise<void> {
    const rows = [...this.pending.values()];
    if (rows.length === 0) return;
    this.pending = new Map();
    try {
      await this.writes.add((tx) => tx.query(STORE_REPORTS, [rowsJson(rows)]));
    } catch (error) {
      this.add(rows);
      throw error;
    }
  }

  override async beforeApplicationShutdown(): Promise<void> {
    await super.beforeApplicationShutdown();
    await this.store().catch(() => undefined); // as after a crash
  }
}

function processOf({ service, instance }: ReportRow): string {
  return `${service} ${instance}`;
}

type ReportBatch = readonly Message<AuditReports>[];

/** Follows the services' checks, audit entries, and demands of people. */
@Controller()
export class ReportsConsumer {
  constructor(
    private readonly writes: FactWrites,
    private readonly pending: PendingReports,
  ) {}

  /** `service`: producer of the topic. A message names any source. */
  async store(service: string, batch: ReportBatch): Promise<void> {
    const reports = batch.filter((message) => message.type === 'audit.checks-reported.v1');
    const entries = batch.filter((message) => message.type === 'audit.entry-recorded.v1');
    const demands = batch.filter(isDemand);
    const rows = reportRows(service, reports);
    const areKept = this.pending.keep(rows);
    if (areKept && entries.length + demands.length === 0) return;
    await this.writes.add(async (tx) => {
      if (reports.length > 0) await tx.query(STORE_REPORTS, [rowsJson(rows)]);
      if (entries.length > 0)
        await tx.query(STORE_ENTRIES, [rowsJson(entryRows(service, entries))]);
      if (demands.length > 0)
        await tx.query(STORE_DEMANDS, [rowsJson(demandRows(service, demands))]);
    });
  }
}

/** A handler for each service's topic. */
for (const topic of AUDIT_REPORTS) {
  const descriptor: PropertyDescriptor = {
    value: function (this: ReportsConsumer, batch: ReportBatch): Promise<void> {
      return this.store(topic.producedBy, batch);
    },
  };
  Object.defineProperty(ReportsConsumer.prototype, topic.name, descriptor);
  BatchHandler(topic)(ReportsConsumer.prototype, topic.name, descriptor);
}

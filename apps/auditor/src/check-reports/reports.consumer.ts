import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { AUDIT_REPORTS, type AuditReports, type Message } from '@sluice/messages';
import { rowsJson } from '@sluice/postgres';
import { STORE_ENTRIES } from '../audit-entries/entry-sql.js';
import { entryRows } from '../audit-entries/entry-rows.js';
import { demandRows, isDemand } from '../demands/demand-rows.js';
import { STORE_DEMANDS } from '../demands/demand-sql.js';
import { FactWrites } from '../writes/fact-writes.js';
import { PendingReports } from './pending-reports.js';
import { reportRows } from './report-rows.js';
import { STORE_REPORTS } from './report-sql.js';

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

import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { AUDIT_REPORTS, type AuditReports, type Message } from '@sluice/messages';
import { rowsJson, UnitOfWork } from '@sluice/postgres';
import { STORE_ENTRIES } from '../audit-entries/entry-sql.js';
import { entryRows } from '../audit-entries/entry-rows.js';
import { reportRows } from './report-rows.js';
import { STORE_REPORTS } from './report-sql.js';

type ReportBatch = readonly Message<AuditReports>[];

/** Follows the services' checks and audit entries. */
@Controller()
export class ReportsConsumer {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async store(batch: ReportBatch): Promise<void> {
    const reports = batch.filter((message) => message.type === 'audit.checks-reported.v1');
    const entries = batch.filter((message) => message.type === 'audit.entry-recorded.v1');
    await this.unitOfWork.run(async (tx) => {
      if (reports.length > 0) await tx.query(STORE_REPORTS, [rowsJson(reportRows(reports))]);
      if (entries.length > 0) await tx.query(STORE_ENTRIES, [rowsJson(entryRows(entries))]);
    });
  }
}

/** A handler for each service's topic. */
for (const topic of AUDIT_REPORTS) {
  const descriptor: PropertyDescriptor = {
    value: function (this: ReportsConsumer, batch: ReportBatch): Promise<void> {
      return this.store(batch);
    },
  };
  Object.defineProperty(ReportsConsumer.prototype, topic.name, descriptor);
  BatchHandler(topic)(ReportsConsumer.prototype, topic.name, descriptor);
}

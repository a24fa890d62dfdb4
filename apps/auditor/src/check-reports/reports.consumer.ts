import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { AUDIT_REPORTS, type AuditReports, type Message } from '@sluice/messages';
import { rowsJson, UnitOfWork } from '@sluice/postgres';
import { reportRows } from './report-rows.js';
import { STORE_REPORTS } from './report-sql.js';

type Batch = readonly Message<AuditReports>[];

/** Follows the reports of the services' checks. */
@Controller()
export class ReportsConsumer {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async store(batch: Batch): Promise<void> {
    await this.unitOfWork.run((tx) => tx.query(STORE_REPORTS, [rowsJson(reportRows(batch))]));
  }
}

/** A handler for each service's topic. */
for (const topic of AUDIT_REPORTS) {
  const descriptor: PropertyDescriptor = {
    value: function (this: ReportsConsumer, batch: Batch): Promise<void> {
      return this.store(batch);
    },
  };
  Object.defineProperty(ReportsConsumer.prototype, topic.name, descriptor);
  BatchHandler(topic)(ReportsConsumer.prototype, topic.name, descriptor);
}

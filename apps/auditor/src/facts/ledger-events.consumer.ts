import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { ledgerEvents } from '@sluice/messages';
import { UnitOfWork } from '@sluice/postgres';
import { crashAt } from '@sluice/runtime';
import type { FollowedEvent } from './ledger-facts.js';
import { noteOldest, storeLedgerEvents } from './store-facts.js';

/** Follows the ledger: accounts, movements of money, and holds. */
@Controller()
export class LedgerEventsConsumer {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @BatchHandler(ledgerEvents)
  async onBatch(batch: readonly FollowedEvent[]): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await storeLedgerEvents(tx, batch);
      await noteOldest(
        tx,
        batch.map(({ time }) => time),
      );
      crashAt('auditor.before-commit');
    });
  }
}

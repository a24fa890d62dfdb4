import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { ledgerEvents } from '@sluice/messages';
import { rowsJson, UnitOfWork } from '@sluice/postgres';
import { crashAt } from '@sluice/runtime';
import { commandRefusals } from '../releases/command-refusals.js';
import { STORE_COMMAND_REFUSALS } from '../releases/release-sql.js';
import { InjectMessageKeys } from '@sluice/service-shell';
import type { MessageKeys } from '@sluice/signing';
import { judgeWith, type JudgeRequest } from '../requests/request-behind.js';
import { ledgerFacts, type FollowedEvent } from './ledger-facts.js';
import { noteOldest, storeLedgerFacts } from './store-facts.js';

/** Follows the ledger: accounts, movements of money, and holds. */
@Controller()
export class LedgerEventsConsumer {
  private readonly judge: JudgeRequest;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    @InjectMessageKeys() keys: MessageKeys,
  ) {
    this.judge = judgeWith(keys.with('intake-api'));
  }

  @BatchHandler(ledgerEvents)
  async onBatch(batch: readonly FollowedEvent[]): Promise<void> {
    const refusals = commandRefusals(batch);
    await this.unitOfWork.run(async (tx) => {
      await storeLedgerFacts(tx, ledgerFacts(batch, this.judge));
      if (refusals.length > 0) await tx.query(STORE_COMMAND_REFUSALS, [rowsJson(refusals)]);
      await noteOldest(
        tx,
        batch.map(({ time }) => time),
      );
      crashAt('auditor.before-commit');
    });
  }
}

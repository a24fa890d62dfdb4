import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { ledgerEvents } from '@sluice/messages';
import { crashAt } from '@sluice/runtime';
import { InjectMessageKeys } from '@sluice/service-shell';
import type { MessageKeys } from '@sluice/signing';
import { judgeWith, type JudgeRequest } from '../requests/request-behind.js';
import { FactWrites } from '../writes/fact-writes.js';
import type { FollowedEvent } from './ledger-facts.js';
import { noteOldest, storeLedgerEvents } from './store-facts.js';

/** Follows the ledger: accounts, movements of money, and holds. */
@Controller()
export class LedgerEventsConsumer {
  private readonly judge: JudgeRequest;

  constructor(
    private readonly writes: FactWrites,
    @InjectMessageKeys() keys: MessageKeys,
  ) {
    this.judge = judgeWith(keys.with('intake-api'));
  }

  @BatchHandler(ledgerEvents)
  async onBatch(batch: readonly FollowedEvent[]): Promise<void> {
    await this.writes.add(async (tx) => {
      await storeLedgerEvents(tx, batch, this.judge);
      await noteOldest(
        tx,
        batch.map(({ time }) => time),
      );
      crashAt('auditor.before-commit');
    });
  }
}

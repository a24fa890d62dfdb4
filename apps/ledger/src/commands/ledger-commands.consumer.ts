import { Controller, Inject } from '@nestjs/common';
import { crashAt } from '@sluice/crash-point';
import { BatchHandler } from '@sluice/kafka';
import { ledgerCommands } from '@sluice/messages';
import { OrderCheck } from '@sluice/service-shell';
import { ApplyCommands } from './apply-commands.js';
import type { TopicCommand } from './ledger-command.js';
import { orderFault } from './order-fault.js';

/** Partitions share no account: while PostgreSQL stores the commands of some, those of others are decided. */
const LANES = 3;

/** Takes what the broker gave and applies it in one transaction; libs/kafka splits and dead-letters when that throws. */
@Controller()
export class LedgerCommandsConsumer {
  private readonly orders = new OrderCheck<TopicCommand>('ledger', orderFault);

  constructor(
    @Inject(ApplyCommands)
    private readonly applyCommands: Pick<ApplyCommands, 'applyUnlessHalted'>,
  ) {}

  @BatchHandler(ledgerCommands, { lanes: LANES })
  async onBatch(batch: readonly TopicCommand[]): Promise<void> {
    crashAt('ledger.before-commit');
    this.orders.require(batch);
    await this.applyCommands.applyUnlessHalted(batch);
    crashAt('ledger.after-commit');
  }
}

import { Controller, Inject } from '@nestjs/common';
import { crashAt } from '@sluice/crash-point';
import { BatchHandler } from '@sluice/kafka';
import { ledgerCommands } from '@sluice/messages';
import type { ApplyCommands } from './apply-commands.js';
import { OrderCheck } from '@sluice/service-shell';
import type { LedgerCommand } from './ledger-command.js';
import { orderFault } from './order-fault.js';
import { APPLY_COMMANDS } from '../tokens.js';

/** Partitions share no account: while PostgreSQL stores the commands of some, those of others are decided. */
const LANES = 3;

/** Takes what the broker gave and applies it in one transaction; libs/kafka splits and dead-letters when that throws. */
@Controller()
export class LedgerCommandsConsumer {
  private readonly orders = new OrderCheck<LedgerCommand>('ledger', orderFault);

  constructor(@Inject(APPLY_COMMANDS) private readonly applyCommands: ApplyCommands) {}

  @BatchHandler(ledgerCommands, { lanes: LANES })
  async onBatch(batch: readonly LedgerCommand[]): Promise<void> {
    crashAt('ledger.before-commit');
    this.orders.require(batch);
    await this.applyCommands(batch);
    crashAt('ledger.after-commit');
  }
}

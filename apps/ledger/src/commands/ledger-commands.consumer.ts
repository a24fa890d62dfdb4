import { Controller, Inject } from '@nestjs/common';
import { crashAt } from '@sluice/runtime';
import { BatchHandler } from '@sluice/kafka';
import { ledgerCommands } from '@sluice/messages';
import { countOrderMismatch, InjectLogger, OrderCheck, type Logger } from '@sluice/service-shell';
import { ApplyCommands } from './apply-commands.js';
import type { LedgerCommand, TopicCommand } from '../wire/ledger-command.js';
import { orderFault } from './order-fault.js';

/**
 * Number of lanes. Partitions share no account: while PostgreSQL stores the commands of some
 * partitions, others are decided.
 */
const LANES = 3;

/**
 * Applies a batch from the broker in one transaction. If the transaction throws, libs/kafka splits
 * the batch and dead-letters.
 */
@Controller()
export class LedgerCommandsConsumer {
  private readonly orders = new OrderCheck<TopicCommand>('ledger', orderFault);

  constructor(
    @Inject(ApplyCommands)
    private readonly applyCommands: Pick<ApplyCommands, 'applyUnlessHalted'>,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  @BatchHandler(ledgerCommands, { lanes: LANES })
  async onBatch(batch: readonly TopicCommand[]): Promise<void> {
    crashAt('ledger.before-commit');
    this.orders.require(batch);
    const decisions = await this.applyCommands.applyUnlessHalted(batch);
    crashAt('ledger.after-commit');
    for (const { command, refusal } of decisions)
      if (refusal?.kind === 'order_not_signed') this.report(command);
  }

  /** Reports a digest mismatch; the order's case has the details. */
  private report({ data }: LedgerCommand): void {
    countOrderMismatch('ledger');
    this.logger.error(
      {
        accountId: data.accountId,
        ...('withdrawalId' in data && { withdrawalId: data.withdrawalId }),
      },
      'the order has no valid signature of the account’s customer: no hold is placed',
    );
  }
}

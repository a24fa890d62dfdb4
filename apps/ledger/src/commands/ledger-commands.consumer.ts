import { Controller, Inject } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { destinationOf, type WireDestination } from '@sluice/kernel';
import { digestFault, ledgerCommands, recipientDigest as digestOf } from '@sluice/messages';
import { crashAt } from '@sluice/runtime';
import { countOrderMismatch, InjectLogger, type Logger, OrderCheck } from '@sluice/service-shell';
import type { LedgerCommand, TopicCommand } from '../wire/ledger-command.js';
import { amountOf } from '../wire/wire.js';
import { ApplyCommands } from './apply-commands.js';

/** Partitions share no account: one lane decides while PostgreSQL stores another. */
const LANES = 3;

/**
 * Applies a batch in one transaction. If it throws, libs/kafka splits the batch and dead-letters.
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

/** Fault of fields that differ from the sender's digest; null without one. */
export function orderFault(command: TopicCommand): string | null {
  switch (command.type) {
    case 'ledger.place-hold.v1': {
      const { withdrawalId, accountId, asset, amount, payout, fee, recipientDigest, digest } =
        command.data;
      if (
        payout === undefined &&
        fee === undefined &&
        recipientDigest === undefined &&
        digest === undefined
      )
        return null;
      if (
        payout === undefined ||
        fee === undefined ||
        recipientDigest === undefined ||
        digest === undefined
      )
        return 'the command has only a part of its order';
      const total = amountOf(payout, asset).plus(amountOf(fee, asset));
      if (!total.equals(amountOf(amount, asset)))
        return `it reserves ${amount}, but pays ${payout} and takes a fee of ${fee}`;
      if (isOtherRecipient(command.data.destination, recipientDigest))
        return 'its destination does not match its recipientDigest';
      return digestFault(
        { withdrawalId, accountId, asset, amount: payout, fee, recipientDigest },
        digest,
      );
    }
    case 'ledger.capture-hold.v1': {
      const { recipientDigest, digest } = command.data;
      if (recipientDigest === undefined && digest === undefined) return null;
      if (recipientDigest === undefined || digest === undefined)
        return 'the command has only a part of its order';
      return digestFault({ ...command.data, recipientDigest }, digest);
    }
    default:
      return null;
  }
}

function isOtherRecipient(destination: WireDestination | undefined, digest: string): boolean {
  return destination !== undefined && digestOf(destinationOf(destination)) !== digest;
}

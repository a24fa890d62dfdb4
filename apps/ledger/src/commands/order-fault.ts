import { destinationOf, type WireDestination } from '@sluice/kernel';
import { digestFault, recipientDigest as digestOf } from '@sluice/messages';
import type { TopicCommand } from '../wire/ledger-command.js';
import { amountOf } from '../wire/wire.js';

/**
 * Returns the reason to reject a command; null if the fields match the sender's digest. Holds
 * without a venue order carry no digest and none of its fields.
 */
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

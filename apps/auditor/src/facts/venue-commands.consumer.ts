import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { Amount, type Asset, destinationKey, destinationOf } from '@sluice/kernel';
import { type Message, venueCommands, type VenueCommands, VENUES, WALLET } from '@sluice/messages';
import { crashAt } from '@sluice/runtime';
import { keyOfOrder } from '../venues/read-record.js';
import { FactWrites } from '../writes/fact-writes.js';
import type { AuditedOrder } from '../writes/merge-facts.js';
import { noteOldest } from '../writes/store-facts.js';

export type FollowedCommand = Message<VenueCommands>;

export function orderFacts(
  venue: string,
  batch: readonly FollowedCommand[],
): readonly AuditedOrder[] {
  return batch.flatMap((command) =>
    command.type === 'venue.submit-withdrawal.v1' ? [orderOf(venue, command)] : [],
  );
}

function orderOf(
  venue: string,
  { data, time }: Extract<FollowedCommand, { type: 'venue.submit-withdrawal.v1' }>,
): AuditedOrder {
  const { withdrawalId, clientReference = null, orderedAt = time } = data;
  const asset = data.asset as Asset;
  const to = destinationOf(data.destination);
  const [amount, destination] = [Amount.of(data.amount, asset).toString(), destinationKey(to)];
  const isAddress = to.type === 'address';
  return {
    withdrawal_id: withdrawalId,
    venue,
    asset,
    amount,
    destination,
    equality_key: keyOfOrder({ venue, asset, amount, destination, isAddress }),
    client_reference: clientReference,
    ordered_at: orderedAt,
  };
}

type Batch = readonly FollowedCommand[];

@Controller()
export class VenueCommandsConsumer {
  constructor(private readonly writes: FactWrites) {}

  async store(venue: string, batch: Batch): Promise<void> {
    await this.writes.add(
      async (tx) => {
        await noteOldest(
          tx,
          batch.map(({ time }) => time),
        );
        crashAt('auditor.before-commit');
      },
      { orders: orderFacts(venue, batch) },
    );
  }
}

/** A handler for each topic, because the topic names the venue and the command does not. */
for (const venue of [...VENUES, WALLET]) {
  const descriptor: PropertyDescriptor = {
    value: function (this: VenueCommandsConsumer, batch: Batch): Promise<void> {
      return this.store(venue, batch);
    },
  };
  Object.defineProperty(VenueCommandsConsumer.prototype, venue, descriptor);
  BatchHandler(venueCommands(venue))(VenueCommandsConsumer.prototype, venue, descriptor);
}

import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { VENUES, venueCommands, WALLET } from '@sluice/messages';
import { rowsJson } from '@sluice/postgres';
import { crashAt } from '@sluice/runtime';
import { FactWrites } from '../writes/fact-writes.js';
import { orderFacts, STORE_ORDERS, type FollowedCommand } from './order-facts.js';
import { noteOldest } from './store-facts.js';

type Batch = readonly FollowedCommand[];

/** Follows the orders to each venue. */
@Controller()
export class VenueCommandsConsumer {
  constructor(private readonly writes: FactWrites) {}

  async store(venue: string, batch: Batch): Promise<void> {
    const orders = orderFacts(venue, batch);
    await this.writes.add(async (tx) => {
      if (orders.length > 0) await tx.query(STORE_ORDERS, [rowsJson(orders)]);
      await noteOldest(
        tx,
        batch.map(({ time }) => time),
      );
      crashAt('auditor.before-commit');
    });
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

import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { VENUES, venueEvents, WALLET, walletEvents } from '@sluice/messages';
import { rowsJson } from '@sluice/postgres';
import { FactWrites } from '../writes/fact-writes.js';
import { RETURNED } from '../facts/ledger-facts-sql.js';
import {
  refusalFacts,
  returnFacts,
  SIGNED_THROUGH,
  STORE_REFUSALS,
  type FollowedVenueEvent,
} from './refusal-facts.js';

type StatementBatch = readonly FollowedVenueEvent[];

/** Follows the connectors' statements that nothing was paid, or that a payment came back. */
@Controller()
export class VenueEventsConsumer {
  constructor(private readonly writes: FactWrites) {}

  async store(venue: string, batch: StatementBatch): Promise<void> {
    const refusals = refusalFacts(venue, batch);
    const returns = returnFacts(venue, batch);
    const times = batch.map(({ time }) => time).sort();
    await this.writes.add(async (tx) => {
      if (refusals.length > 0) await tx.query(STORE_REFUSALS, [rowsJson(refusals)]);
      if (returns.length > 0) await tx.query(RETURNED, [rowsJson(returns)]);
      await tx.query(SIGNED_THROUGH, [venue, times[0], times.at(-1)]);
    });
  }
}

/** A handler for each topic, as for the venues' commands. */
for (const venue of [...VENUES, WALLET]) {
  const descriptor: PropertyDescriptor = {
    value: function (this: VenueEventsConsumer, batch: StatementBatch): Promise<void> {
      return this.store(venue, batch);
    },
  };
  Object.defineProperty(VenueEventsConsumer.prototype, venue, descriptor);
  const topic = venue === WALLET ? walletEvents : venueEvents(venue);
  BatchHandler(topic)(VenueEventsConsumer.prototype, venue, descriptor);
}

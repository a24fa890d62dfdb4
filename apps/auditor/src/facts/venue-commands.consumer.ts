import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { venueCommands, WALLET } from '@sluice/messages';
import { rowsJson, UnitOfWork } from '@sluice/postgres';
import { crashAt } from '@sluice/runtime';
import { orderFacts, STORE_ORDERS, type VenueCommand } from './order-facts.js';
import { noteOldest } from './store-facts.js';

type Batch = readonly VenueCommand[];

/** Follows the orders to each venue. The topic names the venue; the command does not. */
@Controller()
export class VenueCommandsConsumer {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  @BatchHandler(venueCommands('bitmart'))
  bitmart(batch: Batch): Promise<void> {
    return this.store('bitmart', batch);
  }

  @BatchHandler(venueCommands('bybit'))
  bybit(batch: Batch): Promise<void> {
    return this.store('bybit', batch);
  }

  @BatchHandler(venueCommands('gateio'))
  gateio(batch: Batch): Promise<void> {
    return this.store('gateio', batch);
  }

  @BatchHandler(venueCommands('upvest'))
  upvest(batch: Batch): Promise<void> {
    return this.store('upvest', batch);
  }

  @BatchHandler(venueCommands(WALLET))
  wallet(batch: Batch): Promise<void> {
    return this.store(WALLET, batch);
  }

  private async store(venue: string, batch: Batch): Promise<void> {
    const orders = orderFacts(venue, batch);
    await this.unitOfWork.run(async (tx) => {
      if (orders.length > 0) await tx.query(STORE_ORDERS, [rowsJson(orders)]);
      await noteOldest(
        tx,
        batch.map(({ time }) => time),
      );
      crashAt('auditor.before-commit');
    });
  }
}

import { Controller, Inject } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { ledgerEvents, venueEvents, type Message } from '@sluice/messages';
import { newsOfLedger, newsOfVenue } from './facts.js';
import { Saga } from './saga.js';

/** What others tell the saga. */
@Controller()
export class EventsConsumer {
  constructor(@Inject(Saga) private readonly saga: Saga) {}

  @BatchHandler(ledgerEvents)
  onLedgerEvents(batch: readonly Message<typeof ledgerEvents>[]): Promise<void> {
    return this.saga.take(batch.map((message) => ({ id: message.id, news: newsOfLedger(message) })));
  }

  @BatchHandler(venueEvents)
  onVenueEvents(batch: readonly Message<typeof venueEvents>[]): Promise<void> {
    return this.saga.take(batch.map((message) => ({ id: message.id, news: newsOfVenue(message) })));
  }
}

import { Controller, Inject } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import { ledgerEvents, VENUE_EVENTS, type Envelope, type Message } from '@sluice/messages';
import {
  changeOfLedgerEvent,
  changeOfVenueEvent,
  type InboundEvent,
  type ReportedChange,
} from './inbound-event.js';
import {
  VENUE_EVENT_KEEPERS,
  type VenueEvent,
  type VenueEventKeeper,
} from '../../wire/venue-event.js';
import { Saga } from './saga.js';

/** Consumes `ledger.events` and the `venue.<venue>.events` of every venue for the saga. */
@Controller()
export class EventsConsumer {
  constructor(
    private readonly saga: Saga,
    @Inject(VENUE_EVENT_KEEPERS) private readonly keepers: readonly VenueEventKeeper[],
  ) {}

  @BatchHandler(ledgerEvents)
  onLedgerEvents(batch: readonly Message<typeof ledgerEvents>[]): Promise<void> {
    return this.saga.take(
      batch.map((message) => inboundEvent(message, changeOfLedgerEvent(message))),
    );
  }

  @BatchHandler(VENUE_EVENTS)
  async onVenueEvents(batch: readonly VenueEvent[]): Promise<void> {
    await this.saga.take(
      batch.map((message) => inboundEvent(message, changeOfVenueEvent(message))),
    );
    for (const keeper of this.keepers) await keeper.take(batch);
  }
}

function inboundEvent({ id, traceparent }: Envelope, change: ReportedChange): InboundEvent {
  return { id, change, ...(traceparent !== undefined && { traceparent }) };
}

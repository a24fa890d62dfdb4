import { Controller } from '@nestjs/common';
import { BatchHandler } from '@sluice/kafka';
import {
  ledgerEvents,
  VENUE_EVENTS,
  type Envelope,
  type Message,
  type VenueEvents,
  type WalletEventsTopic,
} from '@sluice/messages';
import {
  changeOfLedgerEvent,
  changeOfVenueEvent,
  type InboundEvent,
  type ReportedChange,
} from './inbound-event.js';
import { KeepUnclaimed, type UnclaimedEvent } from '../restored/keep-unclaimed.js';
import { KeepWallets, type WalletsEvent } from '../../catalogue/keep-wallets.js';
import { KeepWalletCoins, type WalletCoinsEvent } from '../../wallet-book/keep-wallet-coins.js';
import { KeepBlocks, type BlockSeenEvent } from './keep-blocks.js';
import { KeepTopUps, type ToppedUpEvent } from './keep-top-ups.js';
import { PaidAudit, type PaidEvent } from './paid-audit.js';
import { Saga } from './saga.js';
import { SentAudit, type SentEvent } from './sent-audit.js';

/** Consumes `ledger.events` and the `venue.<venue>.events` of every venue for the saga. */
@Controller()
export class EventsConsumer {
  constructor(
    private readonly saga: Saga,
    private readonly audit: SentAudit,
    private readonly paid: PaidAudit,
    private readonly wallets: KeepWallets,
    private readonly topUps: KeepTopUps,
    private readonly coins: KeepWalletCoins,
    private readonly blocks: KeepBlocks,
    private readonly unclaimed: KeepUnclaimed,
  ) {}

  @BatchHandler(ledgerEvents)
  onLedgerEvents(batch: readonly Message<typeof ledgerEvents>[]): Promise<void> {
    return this.saga.take(
      batch.map((message) => inboundEvent(message, changeOfLedgerEvent(message))),
    );
  }

  @BatchHandler(VENUE_EVENTS)
  async onVenueEvents(batch: readonly Message<VenueEvents | WalletEventsTopic>[]): Promise<void> {
    await this.saga.take(
      batch.map((message) => inboundEvent(message, changeOfVenueEvent(message))),
    );
    await this.audit.take(
      batch.filter((message): message is SentEvent => message.type === 'venue.sent.v1'),
    );
    await this.paid.take(
      batch.filter((message): message is PaidEvent => message.type === 'venue.paid.v1'),
    );
    await this.unclaimed.take(
      batch.filter((message): message is UnclaimedEvent => message.type === 'venue.unclaimed.v1'),
    );
    await this.wallets.take(
      batch.filter((message): message is WalletsEvent => message.type === 'venue.wallets.v1'),
    );
    await this.topUps.take(
      batch.filter(
        (message): message is ToppedUpEvent => message.type === 'venue.gas-topped-up.v1',
      ),
    );
    await this.blocks.take(
      batch.filter((message): message is BlockSeenEvent => message.type === 'venue.block-seen.v1'),
    );
    await this.coins.take(
      batch.filter(
        (message): message is WalletCoinsEvent => message.type === 'venue.wallet-coins.v1',
      ),
    );
  }
}

function inboundEvent({ id, traceparent }: Envelope, change: ReportedChange): InboundEvent {
  return { id, change, ...(traceparent !== undefined && { traceparent }) };
}

import { Module } from '@nestjs/common';
import { AddressBookClient } from './addresses/address-book-client.js';
import { AddressesController, BookSettingsController } from './addresses/addresses.controller.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { AccountBalancesController, BalancesController } from './balances/balances.controller.js';
import { CatalogueModule } from './catalogue/catalogue.module.js';
import { ConfigListener } from './config-listener.js';
import { EventKeysController } from './event-keys/event-keys.controller.js';
import { LedgerComparisonModule } from './ledger-comparison/ledger-comparison.module.js';
import { PublishedReference, ReferenceController } from './reference/reference.controller.js';
import { EventsController, WebhookDeliveriesController } from './webhooks/deliveries.controller.js';
import { WebhooksClient } from './webhooks/webhooks-client.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';
import { WithdrawalsModule } from './withdrawals/withdrawals.module.js';

@Module({
  imports: [ApiKeysModule, CatalogueModule, LedgerComparisonModule, WithdrawalsModule],
  controllers: [
    BalancesController,
    AccountBalancesController,
    EventKeysController,
    ReferenceController,
    AddressesController,
    BookSettingsController,
    WebhooksController,
    WebhookDeliveriesController,
    EventsController,
  ],
  providers: [ConfigListener, PublishedReference, AddressBookClient, WebhooksClient],
})
export class IntakeApiModule {}

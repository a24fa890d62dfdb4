import { Module } from '@nestjs/common';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { BalancesModule } from './balances/balances.module.js';
import { CatalogueModule } from './catalogue/catalogue.module.js';
import { ConfigListener } from './config-listener.js';
import { EventKeysModule } from './event-keys/event-keys.module.js';
import { LedgerComparisonModule } from './ledger-comparison/ledger-comparison.module.js';
import { ReferenceModule } from './reference/reference.module.js';
import { AddressesModule } from './addresses/addresses.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
import { WithdrawalsModule } from './withdrawals/withdrawals.module.js';

@Module({
  imports: [
    ApiKeysModule,
    BalancesModule,
    CatalogueModule,
    EventKeysModule,
    LedgerComparisonModule,
    ReferenceModule,
    AddressesModule,
    WebhooksModule,
    WithdrawalsModule,
  ],
  providers: [ConfigListener],
})
export class IntakeApiModule {}

import { Module } from '@nestjs/common';
import { AccountsModule } from './accounts/accounts.module.js';
import { CommandsModule } from './commands/commands.module.js';
import { HashChainModule } from './hash-chain/hash-chain.module.js';
import { HoldsModule } from './holds/holds.module.js';
import { HouseAccountsModule } from './house-accounts/house-accounts.module.js';
import { JournalModule } from './journal/journal.module.js';
import { LedgerWorkers } from './ledger-workers.js';

@Module({
  imports: [
    CommandsModule,
    AccountsModule,
    HoldsModule,
    JournalModule,
    HouseAccountsModule,
    HashChainModule,
  ],
  providers: [LedgerWorkers],
})
export class LedgerModule {}

import { Module, type DynamicModule } from '@nestjs/common';
import { AccountsModule } from './accounts/accounts.module.js';
import { BookHaltModule } from './book-halt/book-halt.module.js';
import { CommandsModule } from './commands/commands.module.js';
import { ChainSecretsModule } from './hash-chain/chain-secrets.module.js';
import { HashChainModule } from './hash-chain/hash-chain.module.js';
import type { ChainSecrets } from './hash-chain/prove-book.js';
import { HoldsModule } from './holds/holds.module.js';
import { HouseAccountsModule } from './house-accounts/house-accounts.module.js';
import { JournalModule } from './journal/journal.module.js';
import { SignersModule } from './signers/signers.module.js';
import { LedgerWorkers } from './ledger-workers.js';

@Module({})
export class LedgerModule {
  static of(secrets: ChainSecrets): DynamicModule {
    return {
      module: LedgerModule,
      imports: [
        ChainSecretsModule.of(secrets),
        CommandsModule,
        AccountsModule,
        HoldsModule,
        JournalModule,
        HouseAccountsModule,
        HashChainModule,
        BookHaltModule,
        SignersModule,
      ],
      providers: [LedgerWorkers],
    };
  }
}

import { Module, type DynamicModule } from '@nestjs/common';
import type { BackgroundLoop } from '@sluice/runtime';
import { AccountsModule, HouseAccountsModule } from './accounts/accounts.module.js';
import { BookHaltModule } from './book-halt/book-halt.module.js';
import { CommandsModule } from './commands/commands.module.js';
import { BookLoops, ChainHeadLoops, LEDGER_LOOPS, LedgerWorkers } from './ledger-workers.js';
import { ChainSecretsModule, type ChainSecrets } from './hash-chain/head-signer.js';
import { HashChainModule } from './proof/hash-chain.module.js';
import { MoneyOrdersModule } from './money-orders/money-orders.module.js';
import type { OnePersonSettings } from './money-orders/one-person-limits.js';
import { HoldsModule } from './holds/holds.module.js';
import { JournalModule } from './journal/journal.module.js';
import { PaymentApprovalsModule } from './payment-approvals/payment-approvals.module.js';
import { AddressBookModule } from './address-book/address-book.module.js';
import { PolicyModule } from './policy/policy.module.js';
import { SignersModule } from './signers/signers.module.js';

interface LedgerSettings extends ChainSecrets {
  readonly limits: OnePersonSettings;
}

@Module({})
export class LedgerModule {
  static of({ limits, ...secrets }: LedgerSettings): DynamicModule {
    return {
      module: LedgerModule,
      imports: [
        ChainSecretsModule.of(secrets),
        CommandsModule,
        MoneyOrdersModule.of(limits),
        AccountsModule,
        HoldsModule,
        JournalModule,
        HouseAccountsModule,
        HashChainModule,
        BookHaltModule,
        SignersModule,
        AddressBookModule,
        PolicyModule,
        PaymentApprovalsModule,
      ],
      providers: [
        BookLoops,
        ChainHeadLoops,
        {
          provide: LEDGER_LOOPS,
          useFactory: (...parts: { readonly loops: readonly BackgroundLoop[] }[]) =>
            parts.flatMap(({ loops }) => loops),
          inject: [BookLoops, ChainHeadLoops],
        },
        LedgerWorkers,
      ],
    };
  }
}

import { Module, type DynamicModule } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import type { BackgroundLoop } from '@sluice/runtime';
import { Health } from '@sluice/service-shell';
import { AccountsController, Freezes, FreezesController } from './accounts/accounts.controller.js';
import { BalancesController, HouseAccountsController } from './accounts/balances.controller.js';
import { AddressBooks, StateSettings } from './address-book/address-book-settings.js';
import { AddressBookController } from './address-book/address-book.controller.js';
import { AddressEntries } from './address-book/address-entries.js';
import { BookLifts, haltFaults } from './book-halt/book-halt.js';
import { BookHaltsController } from './book-halt/book-halts.controller.js';
import { AdminCommands } from './commands/admin-commands.js';
import { ApplyCommands } from './commands/apply-commands.js';
import { CommandRules } from './commands/decide.js';
import { TimeAndIds } from './commands/decision.js';
import { HoldAuthority } from './commands/hold-authority.js';
import { LedgerCommandsConsumer } from './commands/ledger-commands.consumer.js';
import { BookMemory } from './hash-chain/book-memory.js';
import { ChainKeys } from './hash-chain/chain-keys.js';
import { CompareHeads } from './hash-chain/compare-heads.js';
import { HeadSigner, type ChainSecrets } from './hash-chain/head-signer.js';
import { HoldComparisonController } from './holds/hold-comparison.controller.js';
import { HoldOutcomes } from './holds/hold-outcomes.js';
import { HoldsController } from './holds/holds.controller.js';
import {
  EntriesController,
  TransfersController,
  WithdrawalEntriesController,
} from './journal/entries.controller.js';
import { LedgerInbox } from './inbox/ledger-inbox.js';
import { BookLoops, ChainHeadLoops, LEDGER_LOOPS, LedgerWorkers } from './ledger-workers.js';
import { MoneyOrders } from './money-orders/money-orders.js';
import { OnePersonLimits, type OnePersonSettings } from './money-orders/one-person-limits.js';
import { PasskeysController } from './passkeys/passkeys.controller.js';
import { RegisterPasskey } from './passkeys/register-passkey.js';
import { Vouchers } from './passkeys/vouchers.js';
import { DecidePayment } from './payment-approvals/decide-payment.js';
import {
  ListPayments,
  PaymentApprovalsController,
} from './payment-approvals/payment-approvals.controller.js';
import { DryRun } from './policy/dry-run.js';
import { ExplainDecision, PreviewPolicy } from './policy/explain-decision.js';
import { Policies } from './policy/policies.js';
import { PolicyController, PolicyQuestionsController } from './policy/policy.controller.js';
import { PublishPolicy } from './policy/publish-policy.js';
import { SetPrice } from './policy/set-price.js';
import { LedgerQueries } from './postgres/ledger-queries.js';
import { DetachmentsController } from './proof/detach-journal.controller.js';
import { ProofController } from './proof/prove-book.controller.js';
import { OrderCasesController, SignersController } from './signers/signers.controller.js';
import { Signers } from './signers/signers.js';

interface LedgerSettings extends ChainSecrets {
  readonly limits: OnePersonSettings;
}

/** All features in one module, because each needs the commands and the policy. */
@Module({
  controllers: [
    LedgerCommandsConsumer,
    BookHaltsController,
    AccountsController,
    BalancesController,
    FreezesController,
    HouseAccountsController,
    HoldsController,
    HoldComparisonController,
    ProofController,
    DetachmentsController,
    EntriesController,
    TransfersController,
    WithdrawalEntriesController,
    SignersController,
    OrderCasesController,
    AddressBookController,
    PolicyController,
    PolicyQuestionsController,
    PasskeysController,
    PaymentApprovalsController,
  ],
  providers: [
    TimeAndIds,
    HoldAuthority,
    BookMemory,
    CommandRules,
    ApplyCommands,
    AdminCommands,
    BookLifts,
    MoneyOrders,
    CompareHeads,
    LedgerQueries,
    HoldOutcomes,
    Policies,
    PublishPolicy,
    SetPrice,
    ExplainDecision,
    DryRun,
    PreviewPolicy,
    Freezes,
    AddressBooks,
    AddressEntries,
    StateSettings,
    Signers,
    RegisterPasskey,
    Vouchers,
    DecidePayment,
    ListPayments,
    LedgerInbox,
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
})
export class LedgerModule {
  constructor(health: Health, database: Database, lifts: BookLifts) {
    health.add('book', () => haltFaults(database, lifts));
  }

  static of({ limits, keys, signer }: LedgerSettings): DynamicModule {
    return {
      module: LedgerModule,
      providers: [
        { provide: ChainKeys, useValue: keys },
        { provide: HeadSigner, useValue: signer },
        { provide: OnePersonLimits, useValue: new OnePersonLimits(limits) },
      ],
    };
  }
}

import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { BalancesModule } from '../balances/balances.module.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { HaltsModule } from '../halts/halts.module.js';
import { WalletBookModule } from '../wallet-book/wallet-book.module.js';
import { BatchController } from './batch/batch.controller.js';
import { RequestBatch } from './batch/request-batch.js';
import { CancelWithdrawal } from './cancelling/cancel-withdrawal.js';
import { InFlightLimit } from './requests/in-flight-limit.js';
import { ListTransactions } from './listing/list-transactions.js';
import { ListWithdrawals } from './listing/list-withdrawals.js';
import { TransactionsController, WithdrawalListController } from './listing/listing.controller.js';
import { ShowTimeline } from './listing/show-timeline.js';
import { OrderAuthority } from '../orders/order-authority.js';
import { WithdrawalIntake } from './requests/place-withdrawal.js';
import { PreviewWithdrawal } from './preview/preview-withdrawal.js';
import { PreviewController } from './preview/preview.controller.js';
import { PublishStepsAgain } from './recovery/publish-steps-again.js';
import { Recovery } from './recovery/recovery.js';
import { KeepUnclaimed } from './restored/keep-unclaimed.js';
import { EndedBefore } from './restored/ended-before.js';
import { PublishedPosition } from './restored/published-position.js';
import { RestoreGuard } from './restored/restore-guard.js';
import { RequestRules } from './requests/request-rules.js';
import { RequestWithdrawal } from './requests/request-withdrawal.js';
import { EventsConsumer } from './saga/events.consumer.js';
import { KeepBlocks } from './saga/keep-blocks.js';
import { KeepTopUps } from './saga/keep-top-ups.js';
import { Saga } from './saga/saga.js';
import { SagaBatches } from './saga/saga-batches.js';
import { PaidAudit } from './saga/paid-audit.js';
import { SentAudit } from './saga/sent-audit.js';
import { ShowWithdrawal } from './listing/show-withdrawal.js';
import { VenueReferences } from '../orders/venue-references.js';
import { KeepWallets } from '../catalogue/keep-wallets.js';
import { KeepWalletCoins } from '../wallet-book/keep-wallet-coins.js';
import { VENUE_EVENT_KEEPERS, type VenueEventKeeper } from '../wire/venue-event.js';
import { WalletTrials } from '../other-services/wallet-trials.js';
import { WithdrawalReports } from './withdrawal-reports.js';
import { WithdrawalWaiters } from './waiting/withdrawal-waiters.js';
import { AllWithdrawalsController } from './withdrawals.admin.controller.js';
import { WithdrawalsController } from './withdrawals.controller.js';

/** Withdrawals from request to end: the use cases of the public API, the saga, and the recovery of what a log has lost. */
@Module({
  imports: [ApiKeysModule, BalancesModule, CatalogueModule, HaltsModule, WalletBookModule],
  controllers: [
    WithdrawalsController,
    WithdrawalListController,
    TransactionsController,
    PreviewController,
    BatchController,
    AllWithdrawalsController,
    EventsConsumer,
  ],
  providers: [
    RequestRules,
    WalletTrials,
    RequestWithdrawal,
    RequestBatch,
    PreviewWithdrawal,
    ShowWithdrawal,
    ShowTimeline,
    ListTransactions,
    ListWithdrawals,
    CancelWithdrawal,
    WithdrawalReports,
    WithdrawalIntake,
    WithdrawalWaiters,
    VenueReferences,
    OrderAuthority,
    InFlightLimit,
    Saga,
    SagaBatches,
    SentAudit,
    PaidAudit,
    KeepTopUps,
    KeepBlocks,
    RestoreGuard,
    EndedBefore,
    PublishedPosition,
    KeepUnclaimed,
    {
      provide: VENUE_EVENT_KEEPERS,
      useFactory: (...keepers: VenueEventKeeper[]) => keepers,
      inject: [
        SentAudit,
        PaidAudit,
        KeepUnclaimed,
        KeepWallets,
        KeepTopUps,
        KeepBlocks,
        KeepWalletCoins,
      ],
    },
    Recovery,
    PublishStepsAgain,
  ],
})
export class WithdrawalsModule {}

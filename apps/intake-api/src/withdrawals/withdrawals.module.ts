import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { IntakeInbox } from '../cases/intake-inbox.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { HaltsModule } from '../halts/halts.module.js';
import { BatchController, RequestBatch } from './batch/batch.controller.js';
import { CancelWithdrawal } from './cancelling/cancel-withdrawal.js';
import { InFlightLimit, RequestWithdrawal } from './requests/request-withdrawal.js';
import { AllWithdrawals } from './listing/all-withdrawals.js';
import { ListTransactions, ListWithdrawals } from './listing/list-withdrawals.js';
import { TransactionsController, WithdrawalListController } from './listing/listing.controller.js';
import { ShowTimeline } from './listing/timeline.js';
import { OrderAuthority, VenueReferences } from '../orders/order-authority.js';
import { WithdrawalIntake } from './requests/place-withdrawal.js';
import { WithdrawalFigures } from './figures/withdrawal-figures.js';
import { PreviewController, PreviewWithdrawal } from './preview/preview.controller.js';
import { PublishStepsAgain } from './recovery/publish-steps-again.js';
import { Recovery } from './recovery/recovery.js';
import { KeepUnclaimed, RestoreGuard } from './restored/restore-guard.js';
import { EndedBefore } from './restored/ended-before.js';
import { PublishedPosition } from './restored/published-position.js';
import { RequestRules } from './requests/request-rules.js';
import { EventsConsumer, KeepBlocks, KeepTopUps } from './saga/events.consumer.js';
import { Saga } from './saga/saga.js';
import { SagaBatches } from './saga/saga-batches.js';
import { PaidAudit, SentAudit } from './saga/venue-audit.js';
import { ShowWithdrawal } from './listing/show-withdrawal.js';
import { KeepWallets } from '../catalogue/known-wallets.js';
import { KeepWalletCoins, WalletBookWatch } from '../wallet-book/wallet-book-watch.js';
import { WithdrawalChanges } from './stream/withdrawal-changes.js';
import { VENUE_EVENT_KEEPERS, type VenueEventKeeper } from '../wire/venue-event.js';
import { WalletTrials } from '../other-services/wallet-trials.js';
import { AllWithdrawalsController, WithdrawalReports } from './withdrawals.admin.controller.js';
import { WithdrawalWaiters } from './waiting/waiters.js';
import { WithdrawalsController } from './withdrawals.controller.js';

/** Withdrawals from request to end: the use cases of the public API, the saga, and the recovery of what a log has lost. */
@Module({
  imports: [ApiKeysModule, CatalogueModule, HaltsModule],
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
    AllWithdrawals,
    WithdrawalReports,
    WithdrawalFigures,
    WithdrawalChanges,
    IntakeInbox,
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
    KeepWalletCoins,
    WalletBookWatch,
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

import { Module } from '@nestjs/common';
import { ApiKeysModule } from '../api-keys/api-keys.module.js';
import { OrderAuthority, VenueReferences } from '../orders/order-authority.js';
import { LedgerComparison } from './ledger-comparison.js';
import { LedgerDifferencesController } from './ledger-differences.controller.js';
import { LostEverywhere, RestoreLost } from './restore-lost.js';
import { LostWithdrawals } from './lost-withdrawals.js';
import { RecoverLedger } from './recover-ledger.js';
import { LostTermsReader } from './lost-terms-reader.js';

@Module({
  imports: [ApiKeysModule],
  controllers: [LedgerDifferencesController],
  providers: [
    OrderAuthority,
    VenueReferences,
    LostWithdrawals,
    LostEverywhere,
    LostTermsReader,
    RestoreLost,
    LedgerComparison,
    RecoverLedger,
  ],
  exports: [LedgerComparison],
})
export class LedgerComparisonModule {}

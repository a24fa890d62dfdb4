import { Module } from '@nestjs/common';
import { BalancesModule } from '../balances/balances.module.js';
import { OrderAuthority } from '../withdrawals/order-authority.js';
import { HoldsWithoutWithdrawal } from './holds-without-withdrawal.js';
import { LedgerComparison } from './ledger-comparison.js';
import { LedgerDifferencesController } from './ledger-differences.controller.js';
import { RecoverLedger } from './recover-ledger.js';

/** Whether the ledger has what was paid, and how it gets back what it has lost. */
@Module({
  imports: [BalancesModule],
  controllers: [LedgerDifferencesController],
  providers: [OrderAuthority, HoldsWithoutWithdrawal, LedgerComparison, RecoverLedger],
  exports: [LedgerComparison],
})
export class LedgerComparisonModule {}

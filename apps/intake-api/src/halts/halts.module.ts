import { Module } from '@nestjs/common';
import {
  HaltLifts,
  Halts,
  HaltsController,
  ON_HALT_CHANGE,
  REMAINING_CAUSE,
  type RemainingCause,
  SCOPES_HALTED_HERE,
} from '@sluice/service-shell';
import { HaltsInForce } from './halts-in-force.js';
import { NewRecipients } from './new-recipients.js';

/** A halt because of the ledger remains while bookings are missing and no recovery was approved. */
const unrecoveredLedger: RemainingCause = async (tx, { reason }) => {
  if (!reason.startsWith('ledger_')) return null;
  const [row] = await tx.query<{ open: string }>(OPEN, []);
  return !row || row.open === '0'
    ? null
    : `The ledger lacks bookings of ${row.open} withdrawals. Run "sluice ledger recover" first`;
};

const OPEN =
  'SELECT count(*)::text AS open FROM ledger_difference WHERE resolved_at IS NULL AND approved_by IS NULL';

/** Halts: a halted scope accepts no new withdrawals until a person has checked the cause. */
@Module({
  controllers: [HaltsController],
  providers: [
    Halts,
    HaltLifts,
    HaltsInForce,
    NewRecipients,
    { provide: SCOPES_HALTED_HERE, useValue: ['all', 'venue', 'asset', 'account', 'key'] },
    { provide: REMAINING_CAUSE, useValue: unrecoveredLedger },
    {
      provide: ON_HALT_CHANGE,
      useFactory: (halts: HaltsInForce) => () => halts.look(),
      inject: [HaltsInForce],
    },
  ],
  exports: [HaltsInForce],
})
export class HaltsModule {}

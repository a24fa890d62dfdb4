import { Module } from '@nestjs/common';
import {
  HaltLifts,
  Halts,
  HaltsController,
  ON_HALT_CHANGE,
  REMAINING_CAUSE,
  SCOPES_HALTED_HERE,
} from '@sluice/service-shell';
import { HaltsInForce } from './halts-in-force.js';
import { NewRecipients } from './new-recipients.js';
import { unrecoveredLedger } from './unrecovered-ledger.js';

/**
 * Halts: no new withdrawals are accepted in a halted scope until a person has checked the cause.
 */
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

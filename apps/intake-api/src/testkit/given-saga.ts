import { createLogger } from '@sluice/service-shell';
import { NO_HOLDS } from '../withdrawals/restored/order-holds.js';
import { SagaBatches } from '../withdrawals/saga/saga-batches.js';
import { Saga } from '../withdrawals/saga/saga.js';
import { WithdrawalWaiters } from '../withdrawals/waiting/waiters.js';
import { AUTHORITY } from './a-withdrawal.js';
import type { TestInstance } from './given-intake.js';

export function givenSaga({ unitOfWork, service }: TestInstance): Saga {
  const waiters = new WithdrawalWaiters(service);
  return new Saga(
    unitOfWork,
    waiters,
    createLogger('test', 'silent'),
    new SagaBatches(AUTHORITY, NO_RESTORE),
  );
}

/** Guard of a database never restored, with no unclaimed payment at any venue. */
export const NO_RESTORE = { holds: () => Promise.resolve(NO_HOLDS) };

/** Intake without a connector of our own wallet: no transfer is tried before the hold. */
export const NO_TRIALS = { areMade: false, isRefused: () => Promise.resolve(false) };

import { createLogger } from '@sluice/service-shell';
import { Saga } from '../withdrawals/saga/saga.js';
import { SagaBatches } from '../withdrawals/saga/saga-batches.js';
import { WithdrawalWaiters } from '../withdrawals/waiting/withdrawal-waiters.js';
import { AUTHORITY } from './a-withdrawal.js';
import type { TestInstance } from './given-intake.js';
import { NO_RESTORE } from './no-restore.js';

/** Returns a saga without waiting requests. */
export function givenSaga({ unitOfWork, service }: TestInstance): Saga {
  const waiters = new WithdrawalWaiters(service);
  return new Saga(
    unitOfWork,
    waiters,
    createLogger('test', 'silent'),
    new SagaBatches(AUTHORITY, NO_RESTORE),
  );
}

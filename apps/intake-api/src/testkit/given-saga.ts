import { createLogger } from '@sluice/service-shell';
import { testDatabase } from '@sluice/test-servers';
import type { Order } from '@sluice/withdrawal-core';
import { WithdrawalIntake, type Placed } from '../withdrawals/requests/place-withdrawal.js';
import { NO_HOLDS } from '../withdrawals/restored/order-holds.js';
import type { RestoreGuard } from '../withdrawals/restored/restore-guard.js';
import { SagaBatches } from '../withdrawals/saga/saga-batches.js';
import { Saga } from '../withdrawals/saga/saga.js';
import { WithdrawalWaiters } from '../withdrawals/waiting/waiters.js';
import { AUTHORITY, REFERENCES, TO_GATEIO } from './a-withdrawal.js';
import { givenAccount, givenInstance, type TestInstance } from './given-intake.js';

/** Guard of a database never restored, with no unclaimed payment at any venue. */
export const NO_RESTORE = { holds: () => Promise.resolve(NO_HOLDS) };

/** A saga; by default without waiting requests, on a database never restored. */
export function givenSaga(
  { unitOfWork, service }: Pick<TestInstance, 'unitOfWork' | 'service'>,
  given: {
    readonly waiters?: WithdrawalWaiters;
    readonly guard?: Pick<RestoreGuard, 'holds'>;
  } = {},
): Saga {
  const { waiters = new WithdrawalWaiters(service), guard = NO_RESTORE } = given;
  const logger = createLogger('test', 'silent');
  return new Saga(unitOfWork, waiters, logger, new SagaBatches(AUTHORITY, guard));
}

/** An instance on a database of its own, with an account and a saga. */
export async function givenIntake() {
  const intake = await givenInstance(await testDatabase('intake'));
  return { intake, accountId: await givenAccount(intake.database), saga: givenSaga(intake) };
}

/** Records an order for the first venue, as a request does. */
export function placeOrder(
  { unitOfWork }: Pick<TestInstance, 'unitOfWork'>,
  order: Order,
): Promise<Placed> {
  const intake = new WithdrawalIntake(unitOfWork, REFERENCES, AUTHORITY);
  return intake.place({ order, decimals: 6, routing: TO_GATEIO });
}

/** Intake without a connector of our own wallet: no transfer is tried before the hold. */
export const NO_TRIALS = { areMade: false, isRefused: () => Promise.resolve(false) };

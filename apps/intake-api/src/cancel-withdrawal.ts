import type { UnitOfWork } from '@sluice/postgres';
import { ok, type Result } from '@sluice/result';
import { cancelOutcome, wishCancel, type CancelTooLate, type Withdrawal } from '@sluice/withdrawal-core';
import { ApiError } from './http/api-error.js';
import type { WithdrawalWaiters } from './http/withdrawal-waiters.js';
import { commandMessage } from './kafka/wire.js';
import { saveCancelWishes } from './postgres/rare-updates.js';
import { lockWithdrawals, type StoredWithdrawal } from './postgres/withdrawal-store.js';

export interface CancelPorts {
  readonly unitOfWork: UnitOfWork;
  readonly waiters: WithdrawalWaiters;
}

/**
 * `DELETE /v1/withdrawals/{id}`: puts the wish on record and, with `waitSeconds`, waits for what becomes of it. Throws the
 * contract's refusals. The wish takes the row lock that every step takes: either it is there when the hold is placed, and nothing
 * is ever submitted, or the submit command is written already and the cancel command follows it on the same topic and key.
 */
export async function answerCancel(id: string, keyId: string, waitSeconds: number, ports: CancelPorts): Promise<StoredWithdrawal> {
  const wished = await putWish(id, keyId, ports.unitOfWork);
  if (!wished.ok) throw ApiError.of(wished.refusal.state === 'rejected' ? 'withdrawal_not_found' : 'too_late_to_cancel');
  if (waitSeconds === 0 || isAnswered(wished.value.withdrawal)) return wished.value;
  const answering = ports.waiters.wait(id, isAnswered, waitSeconds * 1000);
  void ports.waiters.refresh(); // it may have been answered before the wait
  return (await answering).last ?? wished.value;
}

function isAnswered(withdrawal: Withdrawal): boolean {
  const outcome = cancelOutcome(withdrawal);
  return outcome !== null && outcome.status !== 'requested';
}

function putWish(id: string, keyId: string, unitOfWork: UnitOfWork): Promise<Result<StoredWithdrawal, CancelTooLate>> {
  return unitOfWork.run(async (tx) => {
    const stored = (await lockWithdrawals(tx, [id])).get(id);
    if (!stored) throw new Error(`withdrawal ${id} is not on record`);
    const at = new Date();
    const wish = wishCancel(stored.withdrawal, keyId, at);
    if (!wish.ok) return wish;
    const { withdrawal, commands } = wish.value;
    if (withdrawal !== stored.withdrawal) saveCancelWishes(tx, [withdrawal]);
    tx.publish(...commands.map((command) => commandMessage(withdrawal, command, at)));
    return ok({ ...stored, withdrawal });
  });
}

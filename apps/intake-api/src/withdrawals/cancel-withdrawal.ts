import type { UnitOfWork } from '@sluice/postgres';
import { ok, type Result } from '@sluice/result';
import {
  cancelOutcome,
  isAtVenue,
  wishCancel,
  type CancelTooLate,
  type Withdrawal,
} from '@sluice/withdrawal-core';
import { ApiError } from '../http/api-error.js';
import type { WithdrawalWaiters } from './withdrawal-waiters.js';
import { commandMessage } from './wire.js';
import { saveCancelWishes } from './cancel-and-venue-updates.js';
import { lockWithdrawals, type StoredWithdrawal } from './withdrawal-store.js';

export interface CancelPorts {
  readonly unitOfWork: UnitOfWork;
  readonly waiters: WithdrawalWaiters;
}

/** How long an answer may wait for what becomes of the wish: as the client asked, and at least for the word of a venue that has it. */
export interface CancelWait {
  readonly askedMs: number;
  readonly venueMs: number;
}

/**
 * `DELETE /v1/withdrawals/{id}`: puts the wish on record and waits for what becomes of it. Throws the contract's refusals: a wish that
 * is refused changes nothing, and whoever looks at the status alone must see that. The wish takes the row lock that every step takes:
 * either it is there when the hold is placed, and nothing is ever submitted, or the submit command is written already and the cancel
 * command follows it on the same topic and key.
 */
export async function answerCancel(
  id: string,
  keyId: string,
  wait: CancelWait,
  ports: CancelPorts,
): Promise<StoredWithdrawal> {
  const wished = await putWish(id, keyId, ports.unitOfWork);
  if (!wished.ok)
    throw ApiError.of(
      wished.refusal.state === 'rejected' ? 'withdrawal_not_found' : 'too_late_to_cancel',
    );
  const answer = await answered(id, wished.value, wait, ports.waiters);
  const outcome = cancelOutcome(answer.withdrawal);
  if (outcome?.status === 'refused') throw ApiError.notCancelled(outcome.message ?? 'it goes on');
  return answer;
}

async function answered(
  id: string,
  wished: StoredWithdrawal,
  wait: CancelWait,
  waiters: WithdrawalWaiters,
): Promise<StoredWithdrawal> {
  const waitMs = Math.max(wait.askedMs, isAtVenue(wished.withdrawal) ? wait.venueMs : 0);
  if (waitMs === 0 || isAnswered(wished.withdrawal)) return wished;
  const answering = waiters.wait(id, isAnswered, waitMs);
  void waiters.refresh(); // it may have been answered before the wait
  return (await answering).last ?? wished;
}

function isAnswered(withdrawal: Withdrawal): boolean {
  const outcome = cancelOutcome(withdrawal);
  return outcome !== null && outcome.status !== 'requested';
}

function putWish(
  id: string,
  keyId: string,
  unitOfWork: UnitOfWork,
): Promise<Result<StoredWithdrawal, CancelTooLate>> {
  return unitOfWork.run(async (tx) => {
    const stored = (await lockWithdrawals(tx, [id])).get(id);
    if (!stored) throw new Error(`withdrawal ${id} is not on record`);
    const at = await tx.now();
    const wish = wishCancel(stored.withdrawal, keyId, at);
    if (!wish.ok) return wish;
    const { withdrawal, commands } = wish.value;
    if (withdrawal !== stored.withdrawal) saveCancelWishes(tx, [withdrawal]);
    const after = { ...stored, withdrawal };
    tx.publish(...commands.map((command) => commandMessage(after, command, at)));
    return ok(after);
  });
}

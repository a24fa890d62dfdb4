import type { UnitOfWork } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/result';
import {
  cancelOutcome,
  isAtVenue,
  requestCancel,
  type CancelTooLate,
  type Withdrawal,
} from '@sluice/withdrawal-core';
import type { WithdrawalWaiters } from './withdrawal-waiters.js';
import { commandMessage } from './wire.js';
import { saveCancelRequests } from './cancel-and-venue-updates.js';
import type { WithdrawalRefusal } from './withdrawal-refusal.js';
import { lockWithdrawals, type StoredWithdrawal } from './withdrawal-store.js';

export interface CancelPorts {
  readonly unitOfWork: UnitOfWork;
  readonly waiters: WithdrawalWaiters;
}

/** How long an answer may wait for the outcome, in milliseconds: as the client asked, and at least `venueMs` where a venue has it. */
export interface CancelWait {
  readonly askedMs: number;
  readonly venueMs: number;
}

/**
 * `DELETE /v1/withdrawals/{id}`: puts the request on record and waits for its outcome. A request that is
 * refused changes nothing, and a client that looks at the status alone must see that. It takes the row lock that every
 * step takes: either it is there when the hold is placed, and nothing is ever submitted, or the submit command is written already and the cancel
 * command follows it on the same topic and key.
 */
export async function answerCancel(
  id: string,
  keyId: string,
  wait: CancelWait,
  ports: CancelPorts,
): Promise<Result<StoredWithdrawal, WithdrawalRefusal>> {
  const requested = await recordCancelRequest(id, keyId, ports.unitOfWork);
  if (!requested.ok)
    return refuse({
      kind: requested.refusal.state === 'rejected' ? 'withdrawal_not_found' : 'too_late_to_cancel',
    });
  const answer = await answered(id, requested.value, wait, ports.waiters);
  const outcome = cancelOutcome(answer.withdrawal);
  return outcome?.status === 'refused'
    ? refuse({ kind: 'cancel_refused', message: outcome.message ?? 'it goes on' })
    : ok(answer);
}

async function answered(
  id: string,
  requested: StoredWithdrawal,
  wait: CancelWait,
  waiters: WithdrawalWaiters,
): Promise<StoredWithdrawal> {
  const waitMs = Math.max(wait.askedMs, isAtVenue(requested.withdrawal) ? wait.venueMs : 0);
  if (waitMs === 0 || isAnswered(requested.withdrawal)) return requested;
  const answering = waiters.wait(id, isAnswered, waitMs);
  void waiters.refresh(); // it may have been answered before the wait
  return (await answering).last ?? requested;
}

function isAnswered(withdrawal: Withdrawal): boolean {
  const outcome = cancelOutcome(withdrawal);
  return outcome !== null && outcome.status !== 'requested';
}

function recordCancelRequest(
  id: string,
  keyId: string,
  unitOfWork: UnitOfWork,
): Promise<Result<StoredWithdrawal, CancelTooLate>> {
  return unitOfWork.run(async (tx) => {
    const stored = (await lockWithdrawals(tx, [id])).get(id);
    if (!stored) throw new Error(`withdrawal ${id} is not on record`);
    const at = await tx.now();
    const request = requestCancel(stored.withdrawal, keyId, at);
    if (!request.ok) return request;
    const { withdrawal, commands } = request.value;
    if (withdrawal !== stored.withdrawal) saveCancelRequests(tx, [withdrawal]);
    const after = { ...stored, withdrawal };
    tx.publish(...commands.map((command) => commandMessage(after, command, at)));
    return ok(after);
  });
}

import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/kernel';
import {
  cancelOutcome,
  isAtVenue,
  requestCancel,
  type CancelTooLate,
  type Withdrawal,
} from '@sluice/withdrawal-core';
import { remainingMs, withDeadline } from '../../http/deadline.js';
import { WithdrawalWaiters } from '../waiting/waiters.js';
import { commandMessage, type CommandContext } from '../../wire/wire.js';
import { lookSoon, saveCancelRequests } from '../../rows/withdrawal-writes.js';
import { OrderAuthority } from '../../orders/order-authority.js';
import type { WithdrawalRefusal } from '../answers/refusal-response.js';
import { lockWithdrawals, type StoredWithdrawal } from '../../rows/withdrawal-store.js';

interface CancelWait {
  readonly askedMs: number;
  readonly venueMs: number;
}

/** Time limit beyond the client's wait; the request may be recorded all the same. */
const CANCEL_WITHIN_MS = 8_000;

type Cancelled = Result<StoredWithdrawal, WithdrawalRefusal>;

/**
 * `DELETE /v1/withdrawals/{id}`: records the cancel request and waits for the outcome; a refused
 * cancel is an error. The request takes the row lock of every step: it is recorded before the order
 * is sent, which then has an expired deadline, or the cancel command follows the submit command on
 * the same key.
 */
@Injectable()
export class CancelWithdrawal {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly waiters: WithdrawalWaiters,
    private readonly authority: OrderAuthority,
  ) {}

  /** Throws DeadlineError if the database is slow. */
  run(id: string, keyId: string, wait: CancelWait, arrivedAtMs: number): Promise<Cancelled> {
    const withinMs = remainingMs(wait.askedMs + CANCEL_WITHIN_MS, arrivedAtMs);
    return withDeadline(this.cancel(id, keyId, wait), withinMs, 'unavailable');
  }

  private async cancel(id: string, keyId: string, wait: CancelWait): Promise<Cancelled> {
    const requested = await this.recordRequest(id, keyId);
    if (!requested.ok)
      return refuse({
        kind:
          requested.refusal.state === 'rejected' ? 'withdrawal_not_found' : 'too_late_to_cancel',
      });
    const answer = await this.answered(id, requested.value, wait);
    const outcome = cancelOutcome(answer.withdrawal);
    return outcome?.status === 'refused'
      ? refuse({ kind: 'cancel_refused', message: outcome.message ?? 'it goes on' })
      : ok(answer);
  }

  private recordRequest(
    id: string,
    keyId: string,
  ): Promise<Result<StoredWithdrawal, CancelTooLate>> {
    return this.unitOfWork.run(async (tx) => {
      const stored = (await lockWithdrawals(tx, [id])).get(id);
      if (!stored) throw new Error(`withdrawal ${id} is not on record`);
      return recordCancel(tx, stored, keyId, { at: await tx.now(), authority: this.authority });
    });
  }

  private async answered(
    id: string,
    requested: StoredWithdrawal,
    wait: CancelWait,
  ): Promise<StoredWithdrawal> {
    const waitMs = Math.max(wait.askedMs, isAtVenue(requested.withdrawal) ? wait.venueMs : 0);
    if (waitMs === 0 || isAnswered(requested.withdrawal)) return requested;
    const answering = this.waiters.wait(id, isAnswered, waitMs);
    void this.waiters.refresh(); // the answer may have arrived before the wait
    return (await answering).last ?? requested;
  }
}

/**
 * Records the cancel request of a locked withdrawal, with a command to the venue, or to the ledger
 * during an approval.
 */
export function recordCancel(
  tx: Tx,
  stored: StoredWithdrawal,
  requestedBy: string,
  context: CommandContext,
): Result<StoredWithdrawal, CancelTooLate> {
  const request = requestCancel(stored.withdrawal, requestedBy, context.at);
  if (!request.ok) return request;
  const { withdrawal, commands } = request.value;
  if (withdrawal !== stored.withdrawal) {
    saveCancelRequests(tx, [withdrawal]);
    lookSoon(tx, [withdrawal.order.id]);
  }
  const after = { ...stored, withdrawal };
  tx.publish(
    ...(isBetweenVenues(stored) ? [] : commands).map((command) =>
      commandMessage(after, command, context),
    ),
  );
  return ok(after);
}

/** Between venues no submit command exists for a cancel command to follow. */
function isBetweenVenues({ withdrawal, orderedAt }: StoredWithdrawal): boolean {
  return withdrawal.state === 'submitting' && orderedAt === null;
}

function isAnswered(withdrawal: Withdrawal): boolean {
  const outcome = cancelOutcome(withdrawal);
  return outcome !== null && outcome.status !== 'requested';
}

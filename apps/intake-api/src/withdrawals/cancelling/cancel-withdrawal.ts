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
import { saveCancelRequests } from '../../rows/withdrawal-writes.js';
import { OrderAuthority } from '../../orders/order-authority.js';
import type { WithdrawalRefusal } from '../answers/refusal-response.js';
import { lockWithdrawals, type StoredWithdrawal } from '../../rows/withdrawal-store.js';

/**
 * Time an answer may wait for the outcome, in milliseconds: the client's wish, and at least
 * `venueMs` if a venue has the withdrawal.
 */
interface CancelWait {
  readonly askedMs: number;
  readonly venueMs: number;
}

/**
 * Time limit in addition to the client's wait. After the limit the request may be recorded all the
 * same, and can be repeated.
 */
const CANCEL_WITHIN_MS = 8_000;

type Cancelled = Result<StoredWithdrawal, WithdrawalRefusal>;

/**
 * `DELETE /v1/withdrawals/{id}`: records the cancel request and waits for the outcome. If the
 * cancel is refused, the withdrawal continues. The answer is an error, because a client may read
 * only the HTTP status. The request takes the same row lock as every step. Either the request is
 * recorded before the hold is placed or assigned, and the submit command is sent with an expired
 * deadline. Or the submit command is written already, and the cancel command follows on the same
 * topic and key. While the hold waits for an approval, the ledger releases the hold.
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
 * Records the cancel request of a locked withdrawal, and sends the command to a venue with the
 * order, or to the ledger with a hold that waits for an approval.
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
  if (withdrawal !== stored.withdrawal) saveCancelRequests(tx, [withdrawal]);
  const after = { ...stored, withdrawal };
  tx.publish(
    ...(isBetweenVenues(stored) ? [] : commands).map((command) =>
      commandMessage(after, command, context),
    ),
  );
  return ok(after);
}

/**
 * During an assignment of the hold to the next venue no submit command exists for a cancel command
 * to follow.
 */
function isBetweenVenues({ withdrawal, orderedAt }: StoredWithdrawal): boolean {
  return withdrawal.state === 'submitting' && orderedAt === null;
}

function isAnswered(withdrawal: Withdrawal): boolean {
  const outcome = cancelOutcome(withdrawal);
  return outcome !== null && outcome.status !== 'requested';
}

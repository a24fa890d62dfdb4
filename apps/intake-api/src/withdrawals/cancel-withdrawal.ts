import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/result';
import {
  cancelOutcome,
  isAtVenue,
  requestCancel,
  type CancelTooLate,
  type Withdrawal,
} from '@sluice/withdrawal-core';
import { remainingMs, withDeadline } from '../deadline.js';
import { WithdrawalWaiters } from './withdrawal-waiters.js';
import { commandMessage } from './wire.js';
import { saveCancelRequests } from './cancel-and-venue-updates.js';
import { OrderAuthority } from './order-authority.js';
import type { WithdrawalRefusal } from './withdrawal-refusal.js';
import { lockWithdrawals, type StoredWithdrawal } from './withdrawal-store.js';

/** How long an answer may wait for the outcome, in milliseconds: as the client asked, and at least `venueMs` where a venue has it. */
export interface CancelWait {
  readonly askedMs: number;
  readonly venueMs: number;
}

/** Beyond the wait that the client asked for; the request may be on record all the same, and can be repeated. */
const CANCEL_WITHIN_MS = 8_000;

type Cancelled = Result<StoredWithdrawal, WithdrawalRefusal>;

/**
 * `DELETE /v1/withdrawals/{id}`: puts the request on record and waits for its outcome. A request that is
 * refused changes nothing, and a client that looks at the status alone must see that. It takes the row lock that every
 * step takes: either it is there when the hold is placed or given to the next venue, and goes there with a submit command whose time is over, or
 * the submit command is written already and the cancel command follows it on the same topic and key.
 */
@Injectable()
export class CancelWithdrawal {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly waiters: WithdrawalWaiters,
    private readonly authority: OrderAuthority,
  ) {}

  /** Throws DeadlineError when the database is too slow. */
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
      const at = await tx.now();
      const request = requestCancel(stored.withdrawal, keyId, at);
      if (!request.ok) return request;
      const { withdrawal, commands } = request.value;
      if (withdrawal !== stored.withdrawal) saveCancelRequests(tx, [withdrawal]);
      const after = { ...stored, withdrawal };
      tx.publish(
        ...(isBetweenVenues(stored) ? [] : commands).map((command) =>
          commandMessage(after, command, { at, authority: this.authority }),
        ),
      );
      return ok(after);
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
    void this.waiters.refresh(); // it may have been answered before the wait
    return (await answering).last ?? requested;
  }
}

/** While the ledger gives the hold to the next venue, no submit command is written that a cancel command could follow. */
function isBetweenVenues({ withdrawal, orderedAt }: StoredWithdrawal): boolean {
  return withdrawal.state === 'submitting' && orderedAt === null;
}

function isAnswered(withdrawal: Withdrawal): boolean {
  const outcome = cancelOutcome(withdrawal);
  return outcome !== null && outcome.status !== 'requested';
}

import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/kernel';
import { DeadlineError, LOOK_UP_WITHIN_MS, withDeadline } from '../../http/deadline.js';
import { mayBeLost } from '../restored/may-be-lost.js';
import { RestoreGuard } from '../restored/restore-guard.js';
import type { WithdrawalRefusal } from '../answers/refusal-response.js';
import { findByNumber, type StoredWithdrawal } from '../../rows/withdrawal-store.js';

@Injectable()
export class ShowWithdrawal {
  constructor(
    private readonly database: Database,
    @Inject(RestoreGuard) private readonly guard: Pick<RestoreGuard, 'mayHaveLost'>,
  ) {}

  /**
   * Throws DeadlineError if the database is slow, or if the number may be that of a lost
   * withdrawal.
   */
  async run(
    number: string,
    accountId: string,
  ): Promise<Result<StoredWithdrawal, WithdrawalRefusal>> {
    const find = () =>
      withDeadline(
        findByNumber(this.database, number, accountId),
        LOOK_UP_WITHIN_MS,
        'unavailable',
      );
    const stored = await find();
    if (stored) return ok(stored);
    if (this.guard.mayHaveLost() || (await mayBeLost(this.database, number)))
      throw new DeadlineError('unavailable');
    // a lost withdrawal may have been put on record since the first query
    const again = await find();
    if (again) return ok(again);
    return refuse({ kind: 'withdrawal_not_found' });
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/result';
import { LOOK_UP_WITHIN_MS, withDeadline } from '../deadline.js';
import type { WithdrawalRefusal } from './withdrawal-refusal.js';
import { findByNumber, type StoredWithdrawal } from './withdrawal-store.js';

/** `GET /v1/withdrawals/{id}`: one withdrawal of an account, as it is now. */
@Injectable()
export class ShowWithdrawal {
  constructor(private readonly database: Database) {}

  /** Throws DeadlineError when the database is too slow. */
  async run(
    number: string,
    accountId: string,
  ): Promise<Result<StoredWithdrawal, WithdrawalRefusal>> {
    const looking = findByNumber(this.database, number, accountId);
    const stored = await withDeadline(looking, LOOK_UP_WITHIN_MS, 'unavailable');
    return stored ? ok(stored) : refuse({ kind: 'withdrawal_not_found' });
  }
}

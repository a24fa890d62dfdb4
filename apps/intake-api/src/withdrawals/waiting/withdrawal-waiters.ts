import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, forAllAccounts } from '@sluice/postgres';
import { CHANGED_CHANNEL } from '../../instances/channels.js';
import { Waiters } from './waiters.js';
import { findByIds, type StoredWithdrawal } from '../../rows/withdrawal-store.js';

/** Waiters backed by the database, woken by notifications about commits of other instances. */
@Injectable()
export class WithdrawalWaiters extends Waiters implements OnModuleInit {
  /** Payload of this process's own notifications, ignored by this process. */
  readonly instance = randomUUID();

  constructor(private readonly database: Database) {
    super();
  }

  onModuleInit(): Promise<void> {
    return this.database.listen(CHANGED_CHANNEL, (from) => {
      if (from !== this.instance) void this.refresh();
    });
  }

  protected override lookUp(ids: readonly string[]): Promise<readonly StoredWithdrawal[]> {
    return forAllAccounts(() => findByIds(this.database, ids)); // requests of all accounts wait
  }
}

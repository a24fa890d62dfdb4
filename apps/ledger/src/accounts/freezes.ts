import { Injectable } from '@nestjs/common';
import type { FreezeInForceDto } from '@sluice/http-api';
import { Database } from '@sluice/postgres';

interface StoredFreezeRow {
  readonly account_id: string;
  readonly freeze_id: string;
  readonly reason: string;
  readonly frozen_at: Date;
}

/** Account freezes in force, with their reasons. */
@Injectable()
export class Freezes {
  constructor(private readonly database: Database) {}

  /** Returns the freezes in force of all accounts, oldest first. */
  async inForce(): Promise<FreezeInForceDto[]> {
    const rows = await this.database.query<StoredFreezeRow>(
      `SELECT account_id, freeze_id, reason, frozen_at FROM account_freeze WHERE lifted_at IS NULL ORDER BY frozen_at, account_id, freeze_id`,
    );
    return rows.map((row) => ({ ...row, frozen_at: row.frozen_at.toISOString() }));
  }

  async isInForce(accountId: string, freezeId: string): Promise<boolean> {
    const rows = await this.database.query(
      `SELECT FROM account_freeze WHERE account_id = $1 AND freeze_id = $2 AND lifted_at IS NULL`,
      [accountId, freezeId],
    );
    return rows.length > 0;
  }
}

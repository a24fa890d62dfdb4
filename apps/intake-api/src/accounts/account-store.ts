import { randomUUIDv7 } from 'node:crypto';
import type { Database, Tx, UnitOfWork } from '@sluice/postgres';
import { openAccountMessage } from '../withdrawals/wire.js';
import { AccountEntity } from './account.entity.js';

/** An account as operators see it. */
interface AccountWithKeys {
  readonly account_id: string;
  readonly name: string;
  readonly created_at: Date;
  /** How many of its keys are not revoked. */
  readonly keys: number;
}

export class AccountStore {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  list(): Promise<AccountWithKeys[]> {
    return this.database.query(
      `SELECT a.id AS account_id, a.name, a.created_at, count(k.key_id) FILTER (WHERE k.revoked_at IS NULL)::int AS keys
         FROM account a LEFT JOIN api_key k ON k.account_id = a.id GROUP BY a.id ORDER BY a.created_at`,
    );
  }

  exists(id: string): Promise<boolean> {
    return this.database.repository(AccountEntity).exists({ where: { id } });
  }

  /** Opens an account here and, by command, in the ledger; every active currency is enabled for it. Answers its id. */
  async create(name: string): Promise<string> {
    const id = randomUUIDv7();
    await this.unitOfWork.run(async (tx) => {
      await tx.repository(AccountEntity).insert({ id, name });
      void tx.query(
        'INSERT INTO account_currency (account_id, currency, network) SELECT $1, currency, network FROM currency WHERE active',
        [id],
      );
      tx.publish(openAccountMessage(id, name, await tx.now()));
    });
    return id;
  }
}

/** The ledger has opened these. */
export function recordOpenedAccounts(tx: Tx, accountIds: readonly string[]): void {
  if (accountIds.length === 0) return;
  void tx.query(
    'UPDATE account SET ledger_opened_at = clock_timestamp() WHERE id = ANY ($1::uuid[]) AND ledger_opened_at IS NULL',
    [accountIds],
  );
}

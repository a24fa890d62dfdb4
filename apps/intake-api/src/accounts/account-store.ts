import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import { CONFIG_CHANNEL } from '../instances/look-up-cache.js';
import { openAccountMessage } from '../wire/wire.js';
import { AccountEntity } from './account.entity.js';

interface AccountWithKeys {
  readonly account_id: string;
  readonly name: string;
  readonly created_at: Date;
  readonly keys_share_references: boolean;
  readonly requires_reference: boolean;
  readonly keys: number;
}

interface NewAccount {
  readonly name: string;
  readonly keysShareReferences: boolean;
  readonly requiresReference: boolean;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

@Injectable()
export class AccountStore {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  list(): Promise<AccountWithKeys[]> {
    return this.database.query(
      `SELECT a.id AS account_id, a.name, a.created_at, a.keys_share_references, a.requires_reference, count(k.key_id) FILTER (WHERE k.revoked_at IS NULL)::int AS keys
         FROM account a LEFT JOIN (SELECT DISTINCT ON (key_id) key_id, account_id, revoked_at FROM api_key ORDER BY key_id, generation DESC) k
           ON k.account_id = a.id GROUP BY a.id ORDER BY a.created_at`,
    );
  }

  /** Throws the admin API's 404 if the account does not exist. */
  async mustExist(id: string): Promise<void> {
    if (!UUID.test(id) || !(await this.exists(id))) throw ApiError.notFound('Account not found');
  }

  /**
   * Opens an account locally and, by command, in the ledger, with every active currency enabled.
   */
  async create({ name, keysShareReferences, requiresReference }: NewAccount): Promise<string> {
    const id = randomUUIDv7();
    await this.unitOfWork.run(async (tx) => {
      await tx
        .repository(AccountEntity)
        .insert({ id, name, keysShareReferences, requiresReference });
      void tx.query(
        `INSERT INTO account_currency (account_id, currency, network)
         SELECT $1, currency, network FROM currency c WHERE coalesce(
           (SELECT t.active FROM currency_terms t WHERE t.currency = c.currency AND t.network = c.network AND t.effective_at <= clock_timestamp()
             ORDER BY t.effective_at DESC, t.version DESC LIMIT 1), c.active)`,
        [id],
      );
      tx.publish(openAccountMessage(id, name, await tx.now()));
    });
    return id;
  }

  /** Sets the requirement for client references, effective immediately in every instance. */
  async requireReference(id: string, requiresReference: boolean): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await tx.repository(AccountEntity).update({ id }, { requiresReference });
      void tx.query(`SELECT pg_notify('${CONFIG_CHANNEL}', '')`);
    });
  }

  private exists(id: string): Promise<boolean> {
    return this.database.repository(AccountEntity).exists({ where: { id } });
  }
}

export function recordOpenedAccounts(tx: Tx, accountIds: readonly string[]): void {
  if (accountIds.length === 0) return;
  void tx.query(
    'UPDATE account SET ledger_opened_at = clock_timestamp() WHERE id = ANY ($1::uuid[]) AND ledger_opened_at IS NULL',
    [accountIds],
  );
}

import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import { prepared } from '../connection/prepared.js';

const SET_ACCOUNT = `SELECT set_config('sluice.account', $1, true)`;

type Statement = string | ReturnType<typeof prepared>;

/**
 * Runs one statement in a transaction of the account. All parts are sent at once: after a failed
 * statement, COMMIT ends the transaction with a rollback.
 */
export async function queryOfAccount<R extends QueryResultRow>(
  client: PoolClient,
  accountId: string,
  statement: Statement,
): Promise<QueryResult<R>> {
  const begun = begin(client, accountId);
  const answer = client.query<R>(statement);
  const ended = client.query('COMMIT');
  const [first, , last] = await Promise.allSettled([begun, answer, ended]);
  if (first.status === 'rejected') throw first.reason;
  const result = await answer;
  if (last.status === 'rejected') throw last.reason;
  return result;
}

/** Runs an operation of an unknown number of statements in a transaction of the account. */
export async function operateOfAccount<T>(
  client: PoolClient,
  accountId: string,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    await begin(client, accountId);
    const result = await operation();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function begin(client: PoolClient, accountId: string): Promise<void> {
  await Promise.all([client.query('BEGIN'), client.query(prepared(SET_ACCOUNT, [accountId]))]);
}

import { ApiError } from '@sluice/http-api';
import type { Tx } from '@sluice/postgres';

/** Limit of tests and redeliveries per account and minute, over all webhooks of the account. */
const SENDS_PER_MINUTE = 30;

/**
 * Counts a send requested by the account. Throws 429 above the limit: customers must not use the
 * service to attack another server.
 */
export async function allowSend(tx: Tx, accountId: string): Promise<void> {
  const [counted] = await tx.query(COUNT, [accountId, SENDS_PER_MINUTE]);
  if (!counted) throw new ApiError(429, 'Rate limit exceeded');
}

const COUNT = `
  INSERT INTO account_sends AS s (account_id, minute, sends) VALUES ($1, date_trunc('minute', now(), 'UTC'), 1)
  ON CONFLICT (account_id) DO UPDATE
     SET sends = CASE WHEN s.minute = excluded.minute THEN s.sends + 1 ELSE 1 END, minute = excluded.minute
   WHERE s.minute <> excluded.minute OR s.sends < $2
  RETURNING 1`;

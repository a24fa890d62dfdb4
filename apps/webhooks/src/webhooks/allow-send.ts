import { ApiError } from '@sluice/http-api';
import type { Tx } from '@sluice/postgres';

/** Tests and redeliveries of one account in a minute, over all of its webhooks. */
const SENDS_PER_MINUTE = 30;

/** Counts one send that an account has asked for itself. Throws 429 above its share: nobody is to use us against a third party's server. */
export async function allowSend(tx: Tx, accountId: string): Promise<void> {
  const [counted] = await tx.query(COUNT, [accountId, SENDS_PER_MINUTE]);
  if (!counted) throw new ApiError(429, 'Rate limit exceeded');
}

const COUNT = `
  INSERT INTO account_sends AS s (account_id, minute, sends) VALUES ($1, date_trunc('minute', now()), 1)
  ON CONFLICT (account_id) DO UPDATE
     SET sends = CASE WHEN s.minute = excluded.minute THEN s.sends + 1 ELSE 1 END, minute = excluded.minute
   WHERE s.minute <> excluded.minute OR s.sends < $2
  RETURNING 1`;

import type { Tx } from '@sluice/postgres';
import type { WithdrawalStep } from './event-body.js';

/**
 * Returns the withdrawals whose broadcast step is missing: a later step contains the time of the
 * broadcast, and the account has no event of the broadcast.
 */
export async function missingBroadcasts(
  tx: Tx,
  steps: readonly WithdrawalStep[],
): Promise<readonly WithdrawalStep[]> {
  const later = steps.filter(({ data }) => (data.broadcastAt ?? data.at) < data.at);
  if (later.length === 0) return [];
  const rows = await tx.query<{ number: string }>(MISSING, [later.map(({ data }) => data.number)]);
  const numbers = new Set(rows.map(({ number }) => number));
  return later.filter(({ data }) => numbers.has(data.number));
}

const MISSING = `
  SELECT g.number::text FROM unnest($1::bigint[]) AS g (number)
   WHERE NOT EXISTS (SELECT FROM account_event e WHERE e.withdrawal = g.number AND e.event = 'withdrawal.broadcasted')`;

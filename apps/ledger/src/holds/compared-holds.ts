import {
  MOST_COMPARED,
  type ComparedHoldDto,
  type FindHoldsDto,
  type FoundHoldDto,
} from '@sluice/http-api';
import type { Database } from '@sluice/postgres';
import { addDecimals } from '../sql/decimal-text.js';

type Reader = Pick<Database, 'query'>;

/**
 * Returns the holds of the given withdrawals with their bookings, by a single query on the keys.
 */
export async function comparedHolds(
  database: Reader,
  withdrawalIds: readonly string[],
): Promise<readonly ComparedHoldDto[]> {
  if (withdrawalIds.length === 0) return [];
  const rows = await database.query<ComparedHoldDto>(HOLDS, [withdrawalIds]);
  return rows.map((row) => ({
    ...row,
    amount: addDecimals(row.amount, '0'),
    captured: shortest(row.captured),
    fee: shortest(row.fee),
    venue_fee: shortest(row.venue_fee),
    returned: shortest(row.returned),
  }));
}

/** Returns reserved or paid holds, for withdrawal ids between two ids. */
export async function foundHolds(
  database: Reader,
  { after, before }: FindHoldsDto,
): Promise<readonly FoundHoldDto[]> {
  const rows = await database.query<Omit<FoundHoldDto, 'placed_at'> & { placed_at: Date }>(FOUND, [
    after,
    before,
    MOST_COMPARED,
  ]);
  return rows.map((row) => ({
    ...row,
    amount: addDecimals(row.amount, '0'),
    placed_at: row.placed_at.toISOString(),
  }));
}

/** Holds from before have left with their detached months. */
export async function detachedBefore(database: Reader): Promise<string | null> {
  const [row] = await database.query<{ until: Date | null }>(
    'SELECT max(until) AS until FROM checkpoint',
    [],
  );
  return row?.until?.toISOString() ?? null;
}

/** Removes trailing zeros, kept by PostgreSQL numerics. */
function shortest(amount: string | null): string | null {
  return amount === null ? null : addDecimals(amount, '0');
}

const HOLDS = `
  SELECT h.withdrawal_id, h.account_id, h.asset, h.amount, h.state, coalesce(h.venue, h.assigned_to, h.policy_detail -> 'approval' ->> 'venue') AS venue, h.captured, h.fee, k.amount AS venue_fee, r.amount AS returned
    FROM hold h LEFT JOIN entry_key k ON k.kind = 'venue_fee' AND k.subject = h.withdrawal_id AND k.reference = ''
    LEFT JOIN entry_key r ON r.kind = 'return' AND r.subject = h.withdrawal_id AND r.reference = ''
   WHERE h.withdrawal_id = ANY ($1::uuid[])`;

const FOUND = `
  SELECT withdrawal_id, account_id, asset, amount, state, coalesce(venue, assigned_to, policy_detail -> 'approval' ->> 'venue') AS venue, digest, reference, decided_at AS placed_at FROM hold
   WHERE withdrawal_id > $1::uuid AND withdrawal_id < $2::uuid AND state IN ('placed', 'captured') ORDER BY withdrawal_id LIMIT $3`;

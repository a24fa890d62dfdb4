import { forAllAccounts, type Database } from '@sluice/postgres';

/**
 * Returns whether the number, which contains a time, may be that of a withdrawal lost in a restore
 * and not yet recorded again.
 */
export async function mayBeLost(
  database: Pick<Database, 'query'>,
  number: string,
): Promise<boolean> {
  const found = await forAllAccounts(() => database.query(MAY_BE_LOST, [number]));
  return found.length > 0;
}

// Lost withdrawals are on record again within about two minutes.
const MAY_BE_LOST = `
  SELECT FROM life l
   WHERE l.began_at > clock_timestamp() - interval '4 minutes'
     AND timestamptz '2026-01-01T00:00:00Z' + $1::bigint / 2048 * interval '1 millisecond' BETWEEN l.began_at - interval '1 hour' AND l.began_at + interval '10 seconds'
     AND NOT EXISTS (SELECT FROM withdrawal w WHERE w.number = $1::bigint)`;

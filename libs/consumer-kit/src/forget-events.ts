import type { SqlClient } from './sql-client.js';

/**
 * Removes rows older than `days` days, at most `limit` rows of each table (default 10,000). Returns
 * the number of removed rows: repeat the call while more rows exist.
 *
 * A removed event takes effect again if redelivered. Keep events longer than the topic keeps
 * messages (default 7 days), and longer than webhooks may be resent. Webhooks are resent for 2 days
 * automatically, and at any time by an operator.
 */
export async function forgetEvents(
  client: SqlClient,
  { days, limit = 10_000 }: { readonly days: number; readonly limit?: number },
): Promise<number> {
  const { rows } = await client.query(FORGET, [days, limit]);
  return (rows[0] as { readonly forgotten: number }).forgotten;
}

const FORGET = `
  WITH inbox AS (
         DELETE FROM consumer_inbox WHERE id IN (
           SELECT id FROM (SELECT id, claimed_at FROM consumer_inbox ORDER BY id LIMIT $2) AS oldest
            WHERE claimed_at < now() - make_interval(days => $1)) RETURNING 1),
       positions AS (
         DELETE FROM consumer_position WHERE id IN (
           SELECT id FROM (SELECT id, moved_at FROM consumer_position ORDER BY id LIMIT $2) AS oldest
            WHERE moved_at < now() - make_interval(days => $1)) RETURNING 1)
  SELECT ((SELECT count(*) FROM inbox) + (SELECT count(*) FROM positions))::integer AS forgotten`;

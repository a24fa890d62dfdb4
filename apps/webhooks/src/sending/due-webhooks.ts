import type { Database } from '@sluice/postgres';

/**
 * Returns the enabled webhooks with due deliveries, by the database's clock. The cost grows with
 * the number of webhooks with waiting deliveries, not with the number of deliveries.
 */
export async function dueWebhooks(database: Pick<Database, 'query'>): Promise<readonly string[]> {
  const rows = await database.query<{ webhook_id: string }>(DUE, []);
  return rows.map(({ webhook_id }) => webhook_id);
}

/** Goes from webhook to webhook along the index, and looks at the earliest delivery of each. */
const DUE = `
  WITH RECURSIVE waiting AS (
      (SELECT webhook_id, next_attempt_at FROM delivery WHERE status = 'pending' ORDER BY webhook_id, next_attempt_at LIMIT 1)
       UNION ALL
      SELECT next.webhook_id, next.next_attempt_at FROM waiting CROSS JOIN LATERAL (
        SELECT d.webhook_id, d.next_attempt_at FROM delivery d
         WHERE d.status = 'pending' AND d.webhook_id > waiting.webhook_id ORDER BY d.webhook_id, d.next_attempt_at LIMIT 1) AS next)
  SELECT webhook_id FROM waiting JOIN webhook w ON w.id = waiting.webhook_id AND w.state = 'enabled'
   WHERE next_attempt_at <= clock_timestamp()`;

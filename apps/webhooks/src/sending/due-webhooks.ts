import type { Database } from '@sluice/postgres';

/** Which enabled webhooks have deliveries that are due, by the database's clock. It costs as much as there are webhooks with any that wait, however many wait for each. */
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

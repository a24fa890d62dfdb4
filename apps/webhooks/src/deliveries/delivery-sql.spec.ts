import { SHOWN_DELIVERY } from '@sluice/http-api';
import { selectedByName, type Tx } from '@sluice/postgres';
import { claimDeliveries } from '../sending/claim-deliveries.js';
import { markOutcomes, type AttemptOutcome } from '../sending/mark-outcomes.js';
import { WEBHOOKS_RIGHTS } from '../postgres/rights.js';

const AT = new Date('2026-11-20T08:00:05.999Z');

describe('the SQL of deliveries', () => {
  const sent: { sql: string; params: readonly unknown[] }[] = [];
  const query = <R>(sql: string, params: readonly unknown[] = []): Promise<R[]> => {
    sent.push({ sql, params });
    return Promise.resolve([]);
  };
  beforeEach(() => void sent.splice(0));

  it('claims due deliveries', async () => {
    await claimDeliveries({ query }, [{ webhookId: 'w', slots: 2 }], 30_000);
    expect(sent[0]?.sql).toMatchInlineSnapshot(`
      "
        WITH capacity AS MATERIALIZED (
               SELECT r.webhook_id, r.slots, w.revision FROM unnest($1::uuid[], $2::integer[]) AS r (webhook_id, slots)
                 JOIN webhook w ON w.id = r.webhook_id AND w.state = 'enabled'),
             due AS MATERIALIZED (
               SELECT d.id, d.attempt_id, d.begun_at, capacity.revision FROM capacity CROSS JOIN LATERAL (
                 SELECT id, attempt_id, begun_at FROM delivery
                  WHERE webhook_id = capacity.webhook_id AND status = 'pending' AND next_attempt_at <= clock_timestamp()
                  ORDER BY next_attempt_at LIMIT capacity.slots FOR UPDATE SKIP LOCKED) AS d),
             lost AS (
               INSERT INTO delivery_attempt (id, delivery_id, started_at, error)
               SELECT attempt_id, id, begun_at, 'outcome_unknown' FROM due WHERE attempt_id IS NOT NULL),
             claimed AS (
               UPDATE delivery d SET attempt_id = nextval('attempt_number'), begun_at = clock_timestamp(),
                      next_attempt_at = clock_timestamp() + $3::integer * interval '1 millisecond'
                 FROM due WHERE d.id = due.id
               RETURNING d.id, d.attempt_id, d.webhook_id, d.event, d.body, d.attempt_count, d.created_at, d.seal, due.revision)
        SELECT id::text, attempt_id::text AS "attemptId", webhook_id AS "webhookId", event, body, attempt_count AS "attemptCount", created_at AS "createdAt", seal, revision FROM claimed"
    `);
  });

  it('writes the outcomes of a batch with one parameter', async () => {
    const delivery = {
      id: '9007199254740993',
      attemptId: '17',
      webhookId: 'w',
      event: 'withdrawal.confirmed',
      body: '',
      attemptCount: 0,
      createdAt: AT,
      seal: '',
      revision: 1,
    };
    const refused: AttemptOutcome = {
      delivery,
      at: AT,
      tookMs: 12.6,
      answer: { kind: 'answered', status: 500, answer: 'half\0' },
    };
    await markOutcomes({ run: (work) => work({ query } as Partial<Tx> as Tx) }, [refused]);

    expect(sent[0]?.sql).toMatchInlineSnapshot(`
      "
        WITH outcome AS MATERIALIZED (
               SELECT * FROM json_to_recordset($1::json) AS o (id bigint, delivery_id bigint, started_at timestamptz, duration_ms integer, status integer, error text, answer text, is_delivered boolean, retry_in_ms integer)),
             held AS MATERIALIZED (
               SELECT d.webhook_id, o.*, o.is_delivered OR o.retry_in_ms IS NULL AS is_over, o.is_delivered AND d.answered_attempt IS NULL AS is_first_success
                 FROM delivery d JOIN outcome o ON o.delivery_id = d.id AND o.id = d.attempt_id
                ORDER BY d.id FOR UPDATE OF d),
             marked AS (
               UPDATE delivery d
                  SET status = CASE WHEN h.is_delivered THEN 'delivered' WHEN h.is_over THEN 'failed' ELSE 'pending' END,
                      attempt_count = d.attempt_count + 1, attempt_id = NULL, begun_at = NULL,
                      next_attempt_at = CASE WHEN NOT h.is_over THEN clock_timestamp() + h.retry_in_ms * interval '1 millisecond' END,
                      ended_at = CASE WHEN h.is_over THEN clock_timestamp() END,
                      answered_attempt = CASE WHEN h.is_first_success THEN h.id ELSE d.answered_attempt END,
                      answered_begun_at = CASE WHEN h.is_first_success THEN h.started_at ELSE d.answered_begun_at END,
                      answered_duration_ms = CASE WHEN h.is_first_success THEN h.duration_ms ELSE d.answered_duration_ms END,
                      answered_status = CASE WHEN h.is_first_success THEN h.status ELSE d.answered_status END,
                      answered_body = CASE WHEN h.is_first_success THEN h.answer ELSE d.answered_body END
                 FROM held h WHERE d.id = h.delivery_id),
             logged AS (
               INSERT INTO delivery_attempt (id, delivery_id, started_at, duration_ms, status, error, answer) SELECT id, delivery_id, started_at, duration_ms, status, error, answer FROM held WHERE NOT is_first_success),
             changed AS MATERIALIZED (
               SELECT w.id, h.is_well FROM webhook w
                 JOIN (SELECT webhook_id, bool_or(is_delivered) AS is_well FROM held GROUP BY webhook_id) AS h ON h.webhook_id = w.id
                WHERE CASE WHEN h.is_well THEN w.failing_since IS NOT NULL
                           ELSE w.failed_at IS NULL OR w.failed_at < clock_timestamp() - interval '10 seconds' END
                ORDER BY w.id FOR UPDATE OF w),
             health AS (
               UPDATE webhook w SET failing_since = CASE WHEN NOT c.is_well THEN coalesce(w.failing_since, clock_timestamp()) END,
                      failed_at = CASE WHEN NOT c.is_well THEN clock_timestamp() END
                 FROM changed c WHERE w.id = c.id)
        SELECT id::text FROM held"
    `);
    expect(sent[0]?.params).toMatchInlineSnapshot(`
      [
        "[{"id":"17","delivery_id":"9007199254740993","started_at":"2026-11-20T08:00:05.999Z","duration_ms":13,"status":500,"error":null,"answer":"half�","is_delivered":false,"retry_in_ms":60000}]",
      ]
    `);
  });

  it('shows deliveries, and lets the service change these columns alone', () => {
    expect(selectedByName(SHOWN_DELIVERY)).toMatchInlineSnapshot(
      `"id::text, webhook_id, event, created_at, status, attempt_count, next_attempt_at AS next_retry_at, ended_at"`,
    );
    expect(WEBHOOKS_RIGHTS.tables['delivery']).toMatchInlineSnapshot(
      `"SELECT, INSERT, UPDATE (status, attempt_count, next_attempt_at, attempt_id, begun_at, ended_at, answered_attempt, answered_begun_at, answered_duration_ms, answered_status, answered_body)"`,
    );
  });
});

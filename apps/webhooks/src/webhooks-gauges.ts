import type { TableGauge } from '@sluice/service-shell';

/** Gauges for webhooks by state, failing webhooks, and waiting or overdue deliveries. */
export const WEBHOOKS_GAUGES: readonly TableGauge[] = [
  {
    name: 'sluice_webhooks',
    help: 'Webhooks by state, without the deleted ones',
    labels: ['state'],
    sql: `SELECT state, count(*)::float8 AS value FROM webhook WHERE state <> 'deleted' GROUP BY state`,
  },
  {
    name: 'sluice_webhooks_failing',
    help: 'Enabled webhooks from which nothing but failures has come for an hour',
    labels: [],
    sql: `SELECT count(*)::float8 AS value FROM webhook WHERE state = 'enabled' AND failed_at - failing_since > interval '1 hour'`,
  },
  {
    name: 'sluice_webhook_deliveries_waiting',
    help: 'Deliveries that are neither delivered nor failed, those of paused webhooks too',
    labels: [],
    sql: `SELECT count(*)::float8 AS value FROM delivery WHERE status = 'pending'`,
  },
  {
    name: 'sluice_webhook_overdue_seconds',
    help: 'For how long the delivery that is longest due has been so, of webhooks that neither fail nor are paused; 0 where none is',
    labels: [],
    sql: `SELECT coalesce(max(greatest(extract(epoch FROM clock_timestamp() - due.next_attempt_at), 0)), 0)::float8 AS value
            FROM webhook w CROSS JOIN LATERAL (
              SELECT next_attempt_at FROM delivery WHERE webhook_id = w.id AND status = 'pending' ORDER BY next_attempt_at LIMIT 1) AS due
           WHERE w.state = 'enabled' AND w.failing_since IS NULL`,
  },
];

import type { Database } from '@sluice/postgres';
import { Gauge, register, type Registry } from 'prom-client';

/** Metric of a query's rows: `value`, and a column per label. Every scrape runs the query. */
export interface TableGauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly sql: string;
}

/** Metrics of every service: unpublished messages, unprocessable messages and table sizes. */
export const PLATFORM_GAUGES: readonly TableGauge[] = [
  {
    name: 'sluice_outbox_rows',
    help: 'Committed transactions whose messages are not published yet',
    labels: [],
    sql: 'SELECT count(*)::float8 AS value FROM outbox',
  },
  {
    name: 'sluice_outbox_oldest_seconds',
    help: 'Age of the oldest of them; 0 when there is none',
    labels: [],
    sql: 'SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS value FROM outbox',
  },
  {
    name: 'sluice_set_aside_rows',
    help: 'Outbox rows that are no word of this service and were never published',
    labels: [],
    sql: 'SELECT count(*)::float8 AS value FROM set_aside_row',
  },
  {
    name: 'sluice_dead_letters',
    help: 'Messages that could not be processed and wait for a person',
    labels: [],
    sql: 'SELECT count(*)::float8 AS value FROM dead_letter WHERE replayed_at IS NULL AND dismissed_at IS NULL',
  },
  {
    name: 'sluice_table_bytes',
    help: 'Disk space of a table with its indexes and partitions, as the last VACUUM or ANALYZE has seen it',
    labels: ['table'],
    sql: `SELECT coalesce(parent.relname, c.relname)::text AS "table",
                 sum((c.relpages + coalesce(t.relpages, 0) + coalesce(i.pages, 0))::float8 * current_setting('block_size')::int) AS value
            FROM pg_class c
            LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
            LEFT JOIN LATERAL (SELECT sum(x.relpages) AS pages FROM pg_index n JOIN pg_class x ON x.oid = n.indexrelid
                                WHERE n.indrelid IN (c.oid, c.reltoastrelid)) i ON true
            LEFT JOIN pg_inherits h ON h.inhrelid = c.oid
            LEFT JOIN pg_class parent ON parent.oid = h.inhparent
           WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
           GROUP BY 1`,
  },
];

/** Registers the gauges under /metrics. While the database cannot be asked they have no value, and the other metrics are there all the same. */
export function registerTableGauges(
  database: Pick<Database, 'query'>,
  gauges: readonly TableGauge[],
  registry: Registry = register,
): void {
  for (const { name, help, labels, sql } of gauges) {
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      async collect() {
        const rows = await database.query<Record<string, string | number>>(sql).catch(() => []);
        this.reset();
        // a reset without labels would leave the value 0
        if (rows.length === 0 && labels.length === 0) this.remove();
        for (const row of rows)
          this.set(
            Object.fromEntries(labels.map((label) => [label, String(row[label])])),
            Number(row['value']),
          );
      },
    });
  }
}

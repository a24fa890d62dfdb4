import type { Database } from '@sluice/postgres';
import { Gauge, register, type Registry } from 'prom-client';

/** A metric whose values are the rows of a query: a column `value`, and one for each label. The query has to be cheap: each scrape asks it. */
export interface TableGauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly sql: string;
}

/** Of every service: what waits to be published, and what could not be processed. */
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
    name: 'sluice_parked_messages',
    help: 'Messages that could not be processed and wait for a person',
    labels: [],
    sql: 'SELECT count(*)::float8 AS value FROM parked_message WHERE replayed_at IS NULL',
  },
];

/** Offers the gauges under /metrics. While the database cannot be asked they have no value, and the other metrics are there all the same. */
export function offerGauges(database: Pick<Database, 'query'>, gauges: readonly TableGauge[], registry: Registry = register): void {
  for (const { name, help, labels, sql } of gauges) {
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      async collect() {
        const rows = await database.query<Record<string, string | number>>(sql).catch(() => []);
        this.reset();
        if (rows.length === 0 && labels.length === 0) this.remove(); // without labels a reset is a 0
        for (const row of rows) this.set(Object.fromEntries(labels.map((label) => [label, String(row[label])])), Number(row['value']));
      },
    });
  }
}

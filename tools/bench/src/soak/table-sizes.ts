import type { System } from '@sluice/stack';
import { Client } from 'pg';
import { superuserUrl } from '../bench-system.js';

/** Bytes of each table with its indexes, by `service.table`; the parts of a partitioned one are one. */
export type TableSizes = Readonly<Record<string, number>>;

/** What work fills and empties again, and what has a row for each account, key, venue or process: all else grows with withdrawals until its retention is over. */
const STAY_SMALL: ReadonlySet<string> = new Set([
  ...['outbox', 'dead_letter', 'rate_window', 'rate_slot', 'worker_lease', 'heartbeat'],
  ...['sent_total', 'sent_report', 'record_cursor', 'recipient_cursor', 'venue_balance'],
  ...['balance', 'account', 'api_key', 'chain_head', 'readiness_probe'],
]);

export function staysSmall(table: string): boolean {
  return STAY_SMALL.has(table.slice(table.indexOf('.') + 1));
}

/** Looks at the tables of every service of a system, each by one connection of the superuser's. */
export class TableWatch {
  private constructor(private readonly clients: ReadonlyMap<string, Client>) {}

  static async open(system: Pick<System, 'run' | 'home'>): Promise<TableWatch> {
    const clients = Object.entries(system.run.databases).map(([service, url]) => {
      const connectionString = superuserUrl(system, new URL(url).pathname.slice(1));
      return [service, new Client({ connectionString })] as const;
    });
    await Promise.all(
      clients.map(([, client]) => {
        client.on('error', () => undefined); // the server is stopped under it when a run fails; the next query says so
        return client.connect();
      }),
    );
    return new TableWatch(new Map(clients));
  }

  async sizes(): Promise<TableSizes> {
    const ofAll = await Promise.all(
      [...this.clients].map(async ([service, client]) => {
        const { rows } = await client.query<{ table: string; bytes: string }>(SIZES);
        return rows.map(({ table, bytes }) => [`${service}.${table}`, Number(bytes)] as const);
      }),
    );
    return Object.fromEntries(ofAll.flat());
  }

  async close(): Promise<void> {
    await Promise.all([...this.clients.values()].map((client) => client.end()));
  }
}

const SIZES = `
  SELECT coalesce(parent.relname, c.relname) AS table, sum(pg_total_relation_size(c.oid))::text AS bytes
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
    LEFT JOIN pg_class parent ON parent.oid = i.inhparent
   WHERE c.relkind = 'r'
   GROUP BY 1`;

import type { System } from '@sluice/stack';
import type { Client } from 'pg';
import { superuserClients } from '../machine/open-client.js';

/**
 * Bytes of each table with indexes, by `service.table`; the partitions of a table count together.
 */
export type TableSizes = Readonly<Record<string, number>>;

/**
 * Tables filled and emptied by work, and tables with a row for each account, key, venue or process.
 * All other tables grow with withdrawals until the end of their retention.
 */
const STAY_SMALL: ReadonlySet<string> = new Set([
  'outbox',
  'dead_letter',
  'rate_window',
  'rate_slot',
  'worker_lease',
  'heartbeat',
  'sending',
  'sent_report',
  'record_cursor',
  'venue_balance',
  'balance',
  'account',
  'api_key',
  'chain_head',
  'readiness_probe',
]);

export function staysSmall(table: string): boolean {
  return STAY_SMALL.has(table.slice(table.indexOf('.') + 1));
}

/** Reads the table sizes of every service, with a superuser connection per database. */
export class TableWatch {
  private constructor(private readonly clients: ReadonlyMap<string, Client>) {}

  static async open(system: Pick<System, 'run' | 'home'>): Promise<TableWatch> {
    return new TableWatch(await superuserClients(system));
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

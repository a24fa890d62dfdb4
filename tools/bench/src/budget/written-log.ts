import { superuserUrlOf, type System } from '@sluice/stack';
import type { Client } from 'pg';
import { openClient } from '../machine/open-client.js';

/** Writes of PostgreSQL since the reader was opened. */
interface Written {
  /** New entries of B-tree indexes, by `service.table`. */
  readonly indexEntries: Readonly<Record<string, number>>;
  /** Bytes of the write-ahead log, full-page images included. */
  readonly bytes: number;
  /** Bytes of full-page images: they depend on the time since the last checkpoint. */
  readonly pageImageBytes: number;
}

interface EntriesRow {
  readonly database: string;
  readonly relation: string;
  readonly entries: string;
}

/**
 * Reads PostgreSQL's write-ahead log with the extension `pg_walinspect`. A temporary replication
 * slot keeps the log until the connection ends.
 */
export class WrittenLog {
  private entries: Record<string, number> = {};
  private bytes = 0;
  private pageImageBytes = 0;

  private constructor(
    private readonly client: Client,
    private position: string,
  ) {}

  static async open(system: Pick<System, 'run' | 'home'>): Promise<WrittenLog> {
    const client = await openClient(superuserUrlOf(system, 'postgres'));
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_walinspect');
    await client.query(`SELECT pg_create_physical_replication_slot('budget', true, true)`);
    return new WrittenLog(client, await flushed(client));
  }

  /**
   * Reads the log up to now.
   *
   * @param services connections of the services' databases, which name the tables of their indexes
   */
  async read(services: ReadonlyMap<string, Client>): Promise<Written> {
    const end = await flushed(this.client);
    if (end !== this.position) {
      const between = [this.position, end];
      const { rows } = await this.client.query<EntriesRow>(ENTRIES, between);
      await this.addEntries(rows, services);
      const {
        rows: [size],
      } = await this.client.query<{ total: string; images: string }>(SIZE, between);
      this.bytes += Number(size?.total);
      this.pageImageBytes += Number(size?.images);
      this.position = end;
    }
    const { bytes, pageImageBytes } = this;
    return { indexEntries: { ...this.entries }, bytes, pageImageBytes };
  }

  close(): Promise<void> {
    return this.client.end();
  }

  private async addEntries(
    rows: readonly EntriesRow[],
    services: ReadonlyMap<string, Client>,
  ): Promise<void> {
    for (const [service, client] of services) {
      const own = rows.filter(({ database }) => database === client.database);
      const tables = await tablesOf(client);
      for (const { relation, entries } of own) {
        const name = tables.get(relation);
        if (name === undefined) continue;
        const table = `${service}.${name}`;
        this.entries[table] = (this.entries[table] ?? 0) + Number(entries);
      }
    }
  }
}

async function flushed(client: Client): Promise<string> {
  const { rows } = await client.query<{ lsn: string }>(
    'SELECT pg_current_wal_flush_lsn()::text AS lsn',
  );
  return rows[0]?.lsn ?? '0/0';
}

/**
 * Returns the table of each index by the number of its file. Partitions and TOAST count for their
 * table; the catalogs, which autovacuum writes, are left out.
 */
async function tablesOf(client: Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ relation: string; table: string }>(TABLES);
  return new Map(rows.map(({ relation, table }) => [relation, table]));
}

/** An entry is inserted into a leaf, into a list of equal keys, or together with a split of the leaf. */
const ENTRIES = `
  SELECT d.datname AS database, b.relfilenode::text AS relation, count(*)::text AS entries
    FROM pg_get_wal_block_info($1, $2, false) b
    JOIN pg_database d ON d.oid = b.reldatabase
   WHERE b.block_id = 0 AND b.resource_manager = 'Btree'
     AND b.record_type IN ('INSERT_LEAF', 'INSERT_POST', 'SPLIT_L', 'SPLIT_R')
   GROUP BY 1, 2`;

const SIZE = `
  SELECT coalesce(sum(combined_size), 0)::text AS total, coalesce(sum(fpi_size), 0)::text AS images
    FROM pg_get_wal_stats($1, $2, false)`;

const TABLES = `
  SELECT pg_relation_filenode(x.indexrelid)::text AS relation,
         coalesce(parent.relname, main.relname, t.relname) AS table
    FROM pg_index x
    JOIN pg_class t ON t.oid = x.indrelid
    LEFT JOIN pg_class main ON main.reltoastrelid = t.oid
    LEFT JOIN pg_inherits i ON i.inhrelid = coalesce(main.oid, t.oid)
    LEFT JOIN pg_class parent ON parent.oid = i.inhparent
   WHERE coalesce(main.relnamespace, t.relnamespace) <> 'pg_catalog'::regnamespace
     AND pg_relation_filenode(x.indexrelid) IS NOT NULL`;

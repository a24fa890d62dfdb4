import { ALL_TOPICS } from '@sluice/messages';
import { type System, kafkaAccessOf } from '@sluice/stack';
import { withKafkaAdmin, type KafkaAccess } from '@sluice/test-servers';
import type { Admin } from 'kafkajs';
import type { Client } from 'pg';
import { superuserClients } from '../machine/open-client.js';
import type { BudgetCounts } from './counts.js';
import { WrittenLog } from './written-log.js';

type Running = Pick<System, 'run' | 'home'>;

interface StatisticsRow {
  readonly table: string;
  readonly inserted: string;
  readonly updated: string;
  readonly hot_updated: string;
  readonly deleted: string;
  readonly transactions: string;
}

/**
 * Reads the counters and the log of PostgreSQL and the offsets of Kafka, with a superuser connection
 * per database. The counter's own transactions are not counted.
 */
export class Counter {
  private looks = 0;

  private constructor(
    private readonly clients: ReadonlyMap<string, Client>,
    private readonly log: WrittenLog,
    private readonly kafka: KafkaAccess,
  ) {}

  static async open(system: Running): Promise<Counter> {
    const clients = await superuserClients(system);
    return new Counter(clients, await WrittenLog.open(system), kafkaAccessOf(system.run));
  }

  async look(): Promise<BudgetCounts> {
    const ofAll = await Promise.all(
      [...this.clients].map(async ([service, client]) => {
        const { rows } = await client.query<StatisticsRow>(COUNTERS);
        return { service, rows };
      }),
    );
    const records = await withKafkaAdmin(this.kafka, recordsOf);
    const written = await this.log.read(this.clients);
    const own = OWN_TRANSACTIONS * this.looks++;
    const ofTables = (kind: 'inserted' | 'updated' | 'hot_updated' | 'deleted') =>
      Object.fromEntries(
        ofAll.flatMap(({ service, rows }) =>
          rows.map((row) => [`${service}.${row.table}`, Number(row[kind])] as const),
        ),
      );
    return {
      transactions: Object.fromEntries(
        ofAll.map(({ service, rows }) => [service, Number(rows[0]?.transactions) - own]),
      ),
      inserted: ofTables('inserted'),
      updated: ofTables('updated'),
      hot_updated: ofTables('hot_updated'),
      deleted: ofTables('deleted'),
      index_entries: written.indexEntries,
      wal_bytes: { postgres: written.bytes },
      page_image_bytes: { postgres: written.pageImageBytes },
      records,
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.log.close(), ...[...this.clients.values()].map((one) => one.end())]);
  }
}

/** Number of records ever written, by topic. */
async function recordsOf(admin: Admin): Promise<Readonly<Record<string, number>>> {
  const entries = ALL_TOPICS.map(async ({ name }) => {
    const offsets = await admin.fetchTopicOffsets(name);
    return [name, offsets.reduce((sum, { high }) => sum + Number(high), 0)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Each look is two statements per database: the counters, and the names of the indexes. */
const OWN_TRANSACTIONS = 2;

const COUNTERS = `
  SELECT coalesce(parent.relname, s.relname) AS table,
         sum(s.n_tup_ins)::text AS inserted,
         sum(s.n_tup_upd)::text AS updated,
         sum(s.n_tup_hot_upd)::text AS hot_updated,
         sum(s.n_tup_del)::text AS deleted,
         (SELECT (xact_commit + xact_rollback)::text FROM pg_stat_database
           WHERE datname = current_database()) AS transactions
    FROM pg_stat_user_tables s
    LEFT JOIN pg_inherits i ON i.inhrelid = s.relid
    LEFT JOIN pg_class parent ON parent.oid = i.inhparent
   GROUP BY 1`;

import { Client, type PoolClient } from 'pg';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';

export type MigrationClass = new () => MigrationInterface;

export interface DatabaseOptions {
  url: string;
  /** Shown in pg_stat_activity; one per service. */
  name: string;
  /** In order; applied under a lock, so that several instances may start together. */
  migrations: readonly MigrationClass[];
  poolSize?: number;
  statementTimeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
const LISTEN_RETRY_MS = 500;
const MIGRATION_LOCK = 7_315_001;

/** One service's own database: TypeORM's pool and migrations, with pipelining on for set-based SQL. */
export class Database {
  private readonly listeners = new Set<Client>();
  private closed = false;

  private constructor(
    readonly dataSource: DataSource,
    private readonly options: DatabaseOptions,
  ) {}

  /** Connects and brings the schema up to date. Throws when the database cannot be reached or a migration fails. */
  static async open(options: DatabaseOptions): Promise<Database> {
    const dataSource = new DataSource({
      type: 'postgres',
      url: options.url,
      applicationName: options.name,
      poolSize: options.poolSize ?? 10,
      connectTimeoutMS: CONNECT_TIMEOUT_MS,
      migrations: [...options.migrations],
      migrationsTransactionMode: 'each',
      // An idle connection that the server closes must not end the process: the pool opens another.
      poolErrorHandler: () => undefined,
      extra: {
        pipeline: true,
        statement_timeout: options.statementTimeoutMs ?? 30_000,
        idle_in_transaction_session_timeout: 60_000,
      },
    });
    await dataSource.initialize();
    await migrate(dataSource);
    return new Database(dataSource, options);
  }

  /** One statement outside a transaction; rows as plain objects. */
  async query<R>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return this.withClient(async (client) => (await client.query(sql, [...params])).rows as R[]);
  }

  /** Lends a pooled connection; a connection that failed is dropped instead of returned. */
  async withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const runner: QueryRunner = this.dataSource.createQueryRunner();
    try {
      return await work((await runner.connect()) as PoolClient);
    } finally {
      await runner.release();
    }
  }

  /** Hears notifications of `channel` for as long as the database is open; reconnects by itself and then calls once with `''`. */
  async listen(channel: string, onNotify: (payload: string) => void): Promise<void> {
    const client = new Client({ connectionString: this.options.url, application_name: `${this.options.name} listen` });
    client.on('notification', (message) => onNotify(message.payload ?? ''));
    client.on('error', () => undefined); // 'end' follows
    client.once('end', () => {
      this.listeners.delete(client);
      if (!this.closed) setTimeout(() => this.relisten(channel, onNotify), LISTEN_RETRY_MS).unref();
    });
    await client.connect();
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    this.listeners.add(client);
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.listeners].map((client) => client.end()));
    await this.dataSource.destroy();
  }

  private relisten(channel: string, onNotify: (payload: string) => void): void {
    if (this.closed) return;
    this.listen(channel, onNotify).then(
      () => onNotify(''), // whatever was said while nobody listened
      () => setTimeout(() => this.relisten(channel, onNotify), LISTEN_RETRY_MS).unref(),
    );
  }
}

async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations();
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await runner.release();
  }
}

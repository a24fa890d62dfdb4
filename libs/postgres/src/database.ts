import type { ClientBase, PoolClient } from 'pg';
import { DataSource, type ObjectLiteral, type QueryRunner } from 'typeorm';
import { DatabaseClock } from './database-clock.js';
import { DatabaseContinuity } from './database-continuity.js';
import { isConnectionLost, isStalePlan } from './faults.js';
import { Listener } from './listener.js';
import { requireMigrated } from './not-migrated.js';
import { prepared } from './prepared.js';
import { ErrorSafeClient } from './error-safe-client.js';
import type { DatabaseSchema } from './schema.js';
import {
  repositoryOf,
  SnakeCaseColumns,
  type EntityClass,
  type EntityRepository,
} from './repository.js';

export interface DatabaseOptions {
  url: string;
  /** Shown in pg_stat_activity; one per service. */
  name: string;
  /** Without its migrations and rights the database is not opened. */
  schema?: DatabaseSchema;
  /** The tables whose rows are administered one by one. */
  entities?: readonly EntityClass[];
  poolSize?: number;
  statementTimeoutMs?: number;
  /** Called when the database's clock was set, with the milliseconds by which it jumped. */
  onClockJump?: (byMs: number) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/** A connection costs a handshake, a process and the plans of all that is asked on it: after the driver's ten seconds each small burst would pay for it again. */
const IDLE_TIMEOUT_MS = 300_000;
/** A dead connection is noticed within seconds; the operating system's default is two hours. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 };

/** One service's own database: TypeORM's pool, with pipelining on for set-based SQL. */
export class Database {
  /** The database's time: the only clock for instants that we store and compare. */
  readonly clock: DatabaseClock;
  private readonly listeners = new Set<Listener>();
  private waiting = 0;

  private constructor(
    readonly dataSource: DataSource,
    private readonly options: DatabaseOptions,
    /** Whether it is still the database that this process has written to. */
    readonly continuity: DatabaseContinuity,
  ) {
    this.clock = new DatabaseClock(this, {
      ...(options.onClockJump && { onJump: options.onClockJump }),
    });
  }

  /** Connects. Throws when the database cannot be reached, and NotMigratedError when its owner has not brought it up to date. */
  static async open(options: DatabaseOptions): Promise<Database> {
    const continuity = new DatabaseContinuity();
    const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
    const dataSource = new DataSource({
      type: 'postgres',
      url: options.url,
      applicationName: options.name,
      poolSize: options.poolSize ?? 10,
      connectTimeoutMS: CONNECT_TIMEOUT_MS,
      entities: [...(options.entities ?? [])],
      namingStrategy: new SnakeCaseColumns(),
      // An idle connection that the server closes must not end the process: the pool opens another.
      poolErrorHandler: () => undefined,
      extra: {
        Client: ErrorSafeClient,
        pipeline: true,
        idleTimeoutMillis: IDLE_TIMEOUT_MS,
        // Every statement of a service goes by key. With the default cost of a random page the planner reads young tables whole,
        // again and again while they grow; compiling statements costs more than running them. And none takes more than one core:
        // what looks through whole tables in the background must not take them all.
        options: '-c random_page_cost=1.1 -c jit=off -c max_parallel_workers_per_gather=0',
        statement_timeout: statementTimeoutMs,
        query_timeout: 2 * statementTimeoutMs, // by then the server has answered, or nobody will: the connection is given up
        idle_in_transaction_session_timeout: 60_000,
        verify: (client: ClientBase, done: (error?: Error) => void) => {
          continuity.admit(client).then(() => done(), done);
        },
        ...KEEP_ALIVE,
      },
    });
    await dataSource.initialize();
    try {
      const database = new Database(dataSource, options, continuity);
      if (options.schema)
        await requireMigrated((sql, params) => database.query(sql, params), options.schema);
      await database.clock.start();
      return database;
    } catch (error) {
      await dataSource.destroy();
      throw error;
    }
  }

  /** One statement outside a transaction; rows as plain objects. One with parameters, be it none of them (`[]`), is prepared: it will come again. */
  async query<R>(sql: string, params?: readonly unknown[]): Promise<R[]> {
    const statement = params ? prepared(sql, params) : sql;
    try {
      return await this.withClient(async (client) => (await client.query(statement)).rows as R[]);
    } catch (error) {
      if (isStalePlan(error)) return this.query(sql, params); // that connection is gone; there are only so many
      throw error;
    }
  }

  /**
   * Runs work on a pooled connection; one that was lost, timed out or has a plan of an old schema is dropped instead of returned. So is one
   * from before a discontinuity: it may lead to a server that is not the primary any more.
   */
  async withClient<T>(work: (client: PoolClient, runner: QueryRunner) => Promise<T>): Promise<T> {
    for (;;) {
      const runner: QueryRunner = this.dataSource.createQueryRunner();
      try {
        this.waiting++;
        const client = (await runner.connect().finally(() => this.waiting--)) as PoolClient;
        if (this.continuity.isStale(client)) {
          dropClient(client);
          continue;
        }
        try {
          return await work(client, runner);
        } catch (error) {
          if (isConnectionLost(error) || isStalePlan(error)) dropClient(client);
          throw error;
        }
      } finally {
        await runner.release();
      }
    }
  }

  /** To be called outside of a transaction where the stored content shows that it went back. Resolves when every listener has brought its rows in order. */
  async wentBack(cause: string): Promise<void> {
    this.continuity.broken(cause);
    await this.withClient(() => Promise.resolve());
  }

  /** The rows of an entity, each operation on a connection and in a transaction of its own. */
  repository<E extends ObjectLiteral>(entity: EntityClass<E>): EntityRepository<E> {
    return repositoryOf((operation) =>
      this.withClient((_client, runner) => operation(runner.manager.getRepository(entity))),
    );
  }

  /** How many pieces of work wait for a connection at this moment. */
  get waitingForConnection(): number {
    return this.waiting;
  }

  /** Listens to `channel` for as long as the database is open. Reconnects by itself, and then calls `onNotify` once with `''`, since notifications may have been missed. */
  async listen(channel: string, onNotify: (payload: string) => void): Promise<void> {
    const config = {
      connectionString: this.options.url,
      application_name: `${this.options.name} listen`,
      ...KEEP_ALIVE,
    };
    const listener = new Listener(
      { ...config, connectionTimeoutMillis: CONNECT_TIMEOUT_MS },
      channel,
      onNotify,
    );
    await listener.start();
    this.listeners.add(listener);
  }

  async close(): Promise<void> {
    await Promise.all([this.clock, ...this.listeners].map((one) => one.stop()));
    await this.dataSource.destroy();
  }
}

/** Ends a connection, so that it does not go back into the pool: its loss may not have been noticed yet. */
export function dropClient(client: PoolClient): void {
  (client as ClientBase & { end(): Promise<void> }).end().catch(() => undefined);
}

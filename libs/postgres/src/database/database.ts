import type { ClientBase, PoolClient } from 'pg';
import { DataSource, type ObjectLiteral, type QueryRunner } from 'typeorm';
import { CommonPoll } from '../connection/common-poll.js';
import { DatabaseClock } from '../connection/database-clock.js';
import { DatabaseContinuity } from '../connection/database-continuity.js';
import { isConnectionLost, isStalePlan } from '../connection/faults.js';
import { Listener } from '../connection/listener.js';
import { requireMigrated } from '../schema/not-migrated.js';
import { prepared } from '../connection/prepared.js';
import { ErrorSafeClient } from '../connection/error-safe-client.js';
import type { DatabaseSchema } from '../schema/schema.js';
import {
  repositoryOf,
  SnakeCaseColumns,
  type EntityClass,
  type EntityRepository,
} from './repository.js';

interface DatabaseOptions {
  url: string;
  /** Application name in pg_stat_activity; each service has a different name. */
  name: string;
  /** Required migrations and rights: opening fails if any are missing. Default: no check. */
  schema?: DatabaseSchema;
  /** Entities of the tables administered row by row. */
  entities?: readonly EntityClass[];
  poolSize?: number;
  statementTimeoutMs?: number;
  /** Called after the database's clock was set, with the jump in milliseconds. */
  onClockJump?: (byMs: number) => void;
}

const CONNECT_TIMEOUT_MS = 10_000;
const STATEMENT_TIMEOUT_MS = 30_000;
/**
 * Idle time before a connection is closed. A new connection costs a handshake, a server process and
 * new plans for all statements. The driver's default of ten seconds would cause this cost again in
 * each small burst.
 */
const IDLE_TIMEOUT_MS = 300_000;
/** A dead connection is noticed within seconds; the operating system's default is two hours. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 };

/** Database of a service: TypeORM's pool, with pipelining enabled for set-based SQL. */
export class Database {
  /** Database time: the only clock for stored and compared instants. */
  readonly clock: DatabaseClock;
  /** Asks the periodic questions of all loops of this process. */
  readonly poll: CommonPoll;
  /** Connection for all channels; null before the first. */
  private listener: Listener | null = null;
  private waiting = 0;

  private constructor(
    readonly dataSource: DataSource,
    private readonly options: DatabaseOptions,
    /** Detects whether the database was replaced or went back since this process wrote. */
    readonly continuity: DatabaseContinuity,
  ) {
    this.clock = new DatabaseClock(this, {
      ...(options.onClockJump && { onJump: options.onClockJump }),
    });
    this.poll = new CommonPoll(this);
  }

  /**
   * Connects to the database. Throws if the database is unreachable, and NotMigratedError if the
   * owner has not migrated the database to this release.
   */
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
      // An idle connection closed by the server must not end the process: the pool opens a new
      // connection.
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
        // the server has answered by this time or never will: the connection is dropped
        query_timeout: 2 * statementTimeoutMs,
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
      await database.clock.read();
      database.poll.add(database.clock.question);
      database.poll.start();
      return database;
    } catch (error) {
      await dataSource.destroy();
      throw error;
    }
  }

  /**
   * Runs one statement outside a transaction and returns rows as plain objects. A statement with
   * parameters, even with an empty list (`[]`), is prepared for repeated use.
   */
  async query<R>(sql: string, params?: readonly unknown[]): Promise<R[]> {
    const statement = params ? prepared(sql, params) : sql;
    try {
      return await this.withClient(async (client) => (await client.query(statement)).rows as R[]);
    } catch (error) {
      // the connection with the stale plan is dropped; the number of connections is limited
      if (isStalePlan(error)) return this.query(sql, params);
      throw error;
    }
  }

  /**
   * Runs work on a pooled connection. A connection is dropped and not returned to the pool if the
   * connection was lost, timed out or holds a plan of an old schema. A connection older than the
   * last discontinuity is also dropped, because the server behind may no longer be the primary.
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

  /**
   * Reports a discontinuity detected in the stored content. Must be called outside a transaction.
   * Resolves after every listener has settled the stored rows.
   */
  async wentBack(cause: string): Promise<void> {
    this.continuity.broken(cause);
    await this.withClient(() => Promise.resolve());
  }

  /** Repository of an entity. Each operation uses a separate connection and transaction. */
  repository<E extends ObjectLiteral>(entity: EntityClass<E>): EntityRepository<E> {
    return repositoryOf((operation) =>
      this.withClient((_client, runner) => operation(runner.manager.getRepository(entity))),
    );
  }

  /** Number of callers waiting for a connection. */
  get waitingForConnection(): number {
    return this.waiting;
  }

  /**
   * Listens to `channel` while the database is open. The listener reconnects automatically. After a
   * reconnect, `onNotify` is called once with `''`, because notifications may have been missed.
   */
  async listen(channel: string, onNotify: (payload: string) => void): Promise<void> {
    this.listener ??= new Listener({
      connectionString: this.options.url,
      application_name: `${this.options.name} listen`,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      ...KEEP_ALIVE,
    });
    await this.listener.listen(channel, onNotify);
  }

  async close(): Promise<void> {
    await Promise.all([this.poll.stop(), this.listener?.stop()]);
    await this.dataSource.destroy();
  }
}

/**
 * Ends a connection instead of returning the connection to the pool, because a loss may not have
 * been noticed yet.
 */
export function dropClient(client: PoolClient): void {
  (client as ClientBase & { end(): Promise<void> }).end().catch(() => undefined);
}

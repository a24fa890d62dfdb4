import type { ClientBase, PoolClient, QueryResult, QueryResultRow } from 'pg';
import type { DataSource, ObjectLiteral, QueryRunner } from 'typeorm';
import { accountInScope, NO_ACCOUNT } from '../accounts/account-scope.js';
import { CommonPoll, DatabaseClock } from '../connection/database-clock.js';
import { DatabaseContinuity } from '../connection/database-continuity.js';
import {
  type DatabaseFault,
  databaseFaults,
  requireFitDatabase,
} from '../connection/database-faults.js';
import { isConnectionLost, isStalePlan } from '../connection/faults.js';
import { Listener } from '../connection/listener.js';
import { CONNECT_TIMEOUT_MS, prepared, type SessionConfig } from '../connection/session-client.js';
import { requireMigrated } from '../schema/not-migrated.js';
import type { DatabaseSchema } from '../schema/schema.js';
import {
  type EntityClass,
  type EntityRepository,
  KEEP_ALIVE,
  poolOf,
  repositoryOf,
} from './data-source.js';

interface Pools {
  readonly pool: DataSource;
  readonly customers: DataSource | null;
}

interface DatabaseOptions {
  url: string;
  /** Application name in pg_stat_activity; each service has a different name. */
  name: string;
  /** Required migrations and rights: opening fails if any are missing. Default: no check. */
  schema?: DatabaseSchema;
  /** Entities of the tables administered row by row. */
  entities?: readonly EntityClass[];
  poolSize?: number;
  /** Connections for customers' requests; default: none, and their statements use the others. */
  customerPoolSize?: number;
  statementTimeoutMs?: number;
  /** Called after the database's clock was set, with the jump in milliseconds. */
  onClockJump?: (byMs: number) => void;
}

const POOL_SIZE = 10;

export class Database {
  /** Database time: the only clock for stored and compared instants. */
  readonly clock: DatabaseClock;
  readonly poll: CommonPoll;
  private listener: Listener | null = null;
  private waiting = 0;

  private constructor(
    private readonly pools: Pools,
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
   * Throws if unreachable, UnfitDatabaseError, or NotMigratedError if the owner has not migrated to
   * this release.
   */
  static async open(options: DatabaseOptions): Promise<Database> {
    const continuity = new DatabaseContinuity();
    const pool = poolOf(
      { ...options, poolSize: options.poolSize ?? POOL_SIZE },
      continuity,
      'all accounts',
    );
    const customers = options.customerPoolSize
      ? poolOf({ ...options, poolSize: options.customerPoolSize }, continuity, 'customers')
      : null;
    await requireFitDatabase(singleConnection(options, 'start'));
    await pool.initialize();
    try {
      const database = new Database({ pool, customers }, options, continuity);
      await customers?.initialize();
      if (options.schema)
        await requireMigrated((sql, params) => database.query(sql, params), options.schema);
      await database.clock.read();
      database.poll.add(database.clock.question);
      database.poll.start();
      return database;
    } catch (error) {
      await destroy({ pool, customers });
      throw error;
    }
  }

  /** One statement outside a transaction; prepared if it has parameters, even an empty list. */
  async query<R>(sql: string, params?: readonly unknown[]): Promise<R[]> {
    const statement = params ? prepared(sql, params) : sql;
    const account = accountInScope();
    try {
      return await this.withClient(async (client) => {
        const answer =
          account === null ? client.query(statement) : queryOfAccount(client, account, statement);
        return (await answer).rows as R[];
      });
    } catch (error) {
      // the connection with the stale plan is dropped; the number of connections is limited
      if (isStalePlan(error)) return this.query(sql, params);
      throw error;
    }
  }

  /**
   * Runs work on a pooled connection, dropped if lost, timed out, with an old plan, or from before
   * a discontinuity. The work itself sets the account of a scope.
   */
  async withClient<T>(work: (client: PoolClient, runner: QueryRunner) => Promise<T>): Promise<T> {
    for (;;) {
      const runner: QueryRunner = this.poolInScope().createQueryRunner();
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

  get dataSource(): DataSource {
    return this.pools.pool;
  }

  private poolInScope(): DataSource {
    const { pool, customers } = this.pools;
    return accountInScope() === null ? pool : (customers ?? pool);
  }

  /**
   * Reports a discontinuity seen in the content, outside a transaction. Resolves after every
   * listener has settled its rows.
   */
  async wentBack(cause: string): Promise<void> {
    this.continuity.broken(cause);
    await this.withClient(() => Promise.resolve());
  }

  /** Repository of an entity. Each operation uses a separate connection and transaction. */
  repository<E extends ObjectLiteral>(entity: EntityClass<E>): EntityRepository<E> {
    return repositoryOf((operation) => {
      const account = accountInScope();
      return this.withClient((client, runner) => {
        const operate = () => operation(runner.manager.getRepository(entity));
        return account === null ? operate() : operateOfAccount(client, account, operate);
      });
    });
  }

  /** Returns the present faults of the database, and of a pooler before it, in new connections. */
  faults(): Promise<readonly DatabaseFault[]> {
    return databaseFaults(singleConnection(this.options, 'check'));
  }

  get waitingForConnection(): number {
    return this.waiting;
  }

  /**
   * Listens while the database is open. After a reconnect `onNotify` gets `''`: notifications may
   * be missed.
   */
  async listen(channel: string, onNotify: (payload: string) => void): Promise<void> {
    this.listener ??= new Listener(singleConnection(this.options, 'listen'));
    await this.listener.listen(channel, onNotify);
  }

  async close(): Promise<void> {
    await Promise.all([this.poll.stop(), this.listener?.stop()]);
    await destroy(this.pools);
  }
}

/** Ends a connection whose loss may not have been noticed. */
export function dropClient(client: PoolClient): void {
  (client as ClientBase & { end(): Promise<void> }).end().catch(() => undefined);
}

async function destroy({ pool, customers }: Pools): Promise<void> {
  await Promise.all([pool.destroy(), customers?.isInitialized && customers.destroy()]);
}

/** Configuration of a connection beside the pool, which reads no rows of accounts. */
function singleConnection({ url, name }: DatabaseOptions, purpose: string): SessionConfig {
  return {
    connectionString: url,
    application_name: `${name} ${purpose}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    session: { 'sluice.account': NO_ACCOUNT },
    ...KEEP_ALIVE,
  };
}

const SET_ACCOUNT = `SELECT set_config('sluice.account', $1, true)`;

type Statement = string | ReturnType<typeof prepared>;

/** One statement in the account's transaction, sent at once: after a fault COMMIT is a rollback. */
async function queryOfAccount<R extends QueryResultRow>(
  client: PoolClient,
  accountId: string,
  statement: Statement,
): Promise<QueryResult<R>> {
  const begun = begin(client, accountId);
  const answer = client.query<R>(statement);
  const ended = client.query('COMMIT');
  const [first, , last] = await Promise.allSettled([begun, answer, ended]);
  if (first.status === 'rejected') throw first.reason;
  const result = await answer;
  if (last.status === 'rejected') throw last.reason;
  return result;
}

/** Runs an operation of an unknown number of statements in a transaction of the account. */
async function operateOfAccount<T>(
  client: PoolClient,
  accountId: string,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    await begin(client, accountId);
    const result = await operation();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function begin(client: PoolClient, accountId: string): Promise<void> {
  await Promise.all([client.query('BEGIN'), client.query(prepared(SET_ACCOUNT, [accountId]))]);
}

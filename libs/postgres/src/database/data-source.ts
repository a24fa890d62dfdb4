import type { ClientBase } from 'pg';
import { DataSource, DefaultNamingStrategy, type ObjectLiteral, type Repository } from 'typeorm';
import { ALL_ACCOUNTS, forAllAccounts, NO_ACCOUNT } from '../accounts/account-scope.js';
import type { DatabaseContinuity } from '../connection/database-continuity.js';
import {
  CONNECT_TIMEOUT_MS,
  SessionClient,
  type SessionConfig,
} from '../connection/session-client.js';

const STATEMENT_TIMEOUT_MS = 30_000;
/**
 * Before an idle connection is closed: a new one costs a handshake, a server process and new plans.
 */
const IDLE_TIMEOUT_MS = 300_000;
/** A dead connection is noticed within seconds; the operating system's default is two hours. */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 };

interface PoolOptions {
  readonly url: string;
  readonly name: string;
  readonly entities?: readonly EntityClass[];
  readonly poolSize: number;
  readonly statementTimeoutMs?: number;
}

/**
 * Pool, not yet connected. One for `customers` has no account until a statement sets one; others
 * work for all.
 */
export function poolOf(
  { url, name, entities = [], poolSize, statementTimeoutMs = STATEMENT_TIMEOUT_MS }: PoolOptions,
  continuity: DatabaseContinuity,
  of: 'customers' | 'all accounts',
): DataSource {
  const account = of === 'customers' ? NO_ACCOUNT : ALL_ACCOUNTS;
  return new DataSource({
    type: 'postgres',
    url,
    applicationName: name,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    entities: [...entities],
    namingStrategy: new SnakeCaseColumns(),
    // An idle connection closed by the server must not end the process.
    poolErrorHandler: () => undefined,
    extra: {
      Client: SessionClient,
      session: sessionOf(account, statementTimeoutMs),
      pipeline: true,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      // the server has answered by this time or never will: the connection is dropped
      query_timeout: 2 * statementTimeoutMs,
      // a discontinuity is settled for all accounts, regardless of the request that noticed it
      verify: (client: ClientBase, done: (error?: Error) => void) => {
        forAllAccounts(() => continuity.admit(client)).then(() => done(), done);
      },
      ...KEEP_ALIVE,
    },
  });
}

/** Returns the settings of a pool's connections. */
function sessionOf(account: string, statementTimeoutMs: number): SessionConfig['session'] {
  return {
    'sluice.account': account,
    statement_timeout: `${statementTimeoutMs}`,
    idle_in_transaction_session_timeout: '60000',
    // Every statement goes by key; by default the planner reads young tables whole, and compiling
    // or parallel work costs more than it saves.
    random_page_cost: '1.1',
    jit: 'off',
    max_parallel_workers_per_gather: '0',
  };
}

/** Class mapping a table; the fields are the column names in camel case. */
export type EntityClass<E extends ObjectLiteral = ObjectLiteral> = new () => E;

type Operation = 'find' | 'findOne' | 'exists' | 'insert' | 'update' | 'upsert' | 'delete';

/**
 * Operations of TypeORM's repository with a single statement, without `save`, which reads before
 * writing.
 */
export type EntityRepository<E extends ObjectLiteral> = Pick<Repository<E>, Operation>;

/** Returns a repository; `run` executes each operation on a connection. */
export function repositoryOf<E extends ObjectLiteral>(
  run: <T>(operation: (repository: Repository<E>) => Promise<T>) => Promise<T>,
): EntityRepository<E> {
  return {
    find: (options) => run((repository) => repository.find(options)),
    findOne: (options) => run((repository) => repository.findOne(options)),
    exists: (options) => run((repository) => repository.exists(options)),
    insert: (rows) => run((repository) => repository.insert(rows)),
    update: (where, change) => run((repository) => repository.update(where, change)),
    upsert: (rows, by) => run((repository) => repository.upsert(rows, by)),
    delete: (where) => run((repository) => repository.delete(where)),
  };
}

/** `feeFlat` is the column `fee_flat`. */
class SnakeCaseColumns extends DefaultNamingStrategy {
  override columnName(property: string, customName: string): string {
    return customName || property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }
}

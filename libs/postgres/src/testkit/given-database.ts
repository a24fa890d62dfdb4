import type { WireMessage } from '@sluice/messages';
import { asOwner, asService, TEST_LOGIN, withTestPostgres } from '@sluice/test-servers';
import { TcpProxy } from '@sluice/test-kit';
import { Database } from '../database/database.js';
import type { OutboxRow } from '../transactions/commit-order-queue.js';
import { Outbox } from '../transactions/outbox.js';
import { migrate } from '../schema/migrate.js';
import { PLATFORM_SCHEMA } from '../schema/schema.js';
import { UnitOfWork } from '../transactions/unit-of-work.js';
import { NoteEntity } from './note.entity.js';

export interface TestProcess {
  readonly database: Database;
  readonly outbox: Outbox;
  readonly unitOfWork: UnitOfWork;
  readonly committedRows: OutboxRow[];
  ids(): string[];
}

/**
 * Database with the platform's tables and `note`, processes with a service's login, and the test's
 * superuser connection `database`.
 */
export async function givenDatabase() {
  const postgres = await withTestPostgres();
  const url = await postgres.createDatabase('platform');
  await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: PLATFORM_SCHEMA });
  const opened: Database[] = [];
  const proxies: TcpProxy[] = [];

  const start = async ({
    url: through = url,
    ...options
  }: StartOptions = {}): Promise<TestProcess> => {
    const database = await Database.open({
      url: asService(through),
      name: 'test',
      schema: PLATFORM_SCHEMA,
      entities: [NoteEntity],
      ...options,
    });
    opened.push(database);
    return processOn(database);
  };
  const database = await Database.open({ url, name: 'looks', entities: [NoteEntity] });
  opened.push(database);
  await database.query('CREATE TABLE note (id text PRIMARY KEY, n int NOT NULL DEFAULT 0)');
  await database.query(`GRANT ALL ON note TO ${TEST_LOGIN}`);
  const first = await start();
  return {
    ...first,
    service: first.database,
    database,
    url,
    start,
    proxy: async () => {
      const proxy = await TcpProxy.to(Number(new URL(url).port));
      proxies.push(proxy);
      return proxy;
    },
    count: async (table: 'inbox' | 'outbox' | 'note' | 'dead_letter') =>
      (await database.query(`SELECT FROM ${table}`)).length,
    stop: async () => {
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await Promise.all(opened.map((database) => database.close().catch(() => undefined)));
      await postgres.stop();
    },
  };
}

interface StartOptions {
  url?: string;
  poolSize?: number;
  customerPoolSize?: number;
  statementTimeoutMs?: number;
}

export function processOn(database: Database): TestProcess {
  const outbox = new Outbox(database);
  const committedRows: OutboxRow[] = [];
  outbox.onCommitted((row) => committedRows.push(row));
  const ids = () =>
    committedRows.flatMap((row) => row.messages.map((message) => message.headers['ce_id'] ?? ''));
  return {
    database,
    outbox,
    committedRows,
    ids,
    unitOfWork: new UnitOfWork(database, 'tester', outbox),
  };
}

export function aMessage(id: string, key = id): WireMessage {
  return { topic: 'notes', key, orderingKey: key, headers: { ce_id: id }, value: `{"id":"${id}"}` };
}

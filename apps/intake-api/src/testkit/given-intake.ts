import { randomUUID } from 'node:crypto';
import {
  Database,
  Outbox,
  PLATFORM_MIGRATIONS,
  UnitOfWork,
  unpackMessages,
} from '@sluice/postgres';
import { INTAKE_ENTITIES } from '../postgres/entities.js';
import { INTAKE_MIGRATIONS } from '../postgres/migrations.js';

/** One process's connection to a database of this service. What it publishes stays in the outbox: no relay runs. */
export interface TestInstance {
  readonly database: Database;
  readonly unitOfWork: UnitOfWork;
}

/** Every route leads to Gate.io alone: a test that wants more venues adds them. */
export async function givenInstance(url: string): Promise<TestInstance> {
  const database = await Database.open({
    url,
    name: 'intake-test',
    migrations: [...PLATFORM_MIGRATIONS, ...INTAKE_MIGRATIONS],
    entities: INTAKE_ENTITIES,
  });
  await database.query(`DELETE FROM route WHERE venue <> 'gateio'`);
  return { database, unitOfWork: new UnitOfWork(database, 'intake-api', new Outbox(database)) };
}

/** An account that may withdraw everything in the catalogue. */
export async function givenAccount(database: Database): Promise<string> {
  const id = randomUUID();
  await database.query('INSERT INTO account (id, name) VALUES ($1, $2)', [id, 'test']);
  await database.query(
    'INSERT INTO account_currency (account_id, currency, network) SELECT $1, currency, network FROM currency',
    [id],
  );
  return id;
}

export interface Published {
  readonly topic: string;
  readonly type: string;
  readonly key: string;
  readonly data: Record<string, unknown>;
}

/** What was published, oldest first, optionally about one withdrawal only. */
export async function published(database: Database, withdrawalId?: string): Promise<Published[]> {
  const rows = await database.query<{ messages: Buffer }>(
    'SELECT messages FROM outbox ORDER BY id',
  );
  return rows
    .flatMap((row) => unpackMessages(row.messages))
    .filter((message) => withdrawalId === undefined || message.orderingKey === withdrawalId)
    .map(({ topic, headers, key, value }) => ({
      topic,
      type: headers['ce_type'] ?? '',
      key,
      data: JSON.parse(value) as Record<string, unknown>,
    }));
}

export async function countOf(
  database: Database,
  sql: string,
  params: readonly unknown[] = [],
): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${sql}`,
    params,
  );
  return row?.count ?? -1;
}

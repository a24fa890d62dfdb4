import { randomUUID } from 'node:crypto';
import {
  checkInvariants,
  Database,
  Outbox,
  migrate,
  UnitOfWork,
  unpackMessages,
} from '@sluice/postgres';
import { VENUE_A } from '@sluice/test-kit';
import { asOwner, asService, TEST_LOGIN } from '@sluice/test-servers';
import { INTAKE_ENTITIES } from '../postgres/entities.js';
import { INTAKE_SCHEMA } from '../postgres/schema.js';

/** Connections to a database of this service. No relay runs: messages stay in the outbox. */
export interface TestInstance {
  /** Superuser's connection, used by the test to insert and inspect data. */
  readonly database: Database;
  /** Connection under the service's login, for the code under test. */
  readonly service: Database;
  readonly unitOfWork: UnitOfWork;
  close(): Promise<void>;
}

/** Migrated database with `VENUE_A` as the only venue of every route. */
export async function givenInstance(url: string): Promise<TestInstance> {
  await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: INTAKE_SCHEMA });
  const open = (login: string): Promise<Database> =>
    Database.open({
      url: login,
      name: 'intake-test',
      entities: INTAKE_ENTITIES,
      customerPoolSize: 4,
    });
  const [service, database] = await Promise.all([open(asService(url)), open(url)]);
  await database.query('DELETE FROM route WHERE venue <> $1', [VENUE_A]);
  const unitOfWork = new UnitOfWork(service, 'intake-api', new Outbox(service));
  const close = async (): Promise<void> =>
    void (await Promise.all([service.close(), database.close()]));
  return { database, service, unitOfWork, close };
}

/** Inserts an account allowed to withdraw the whole catalogue. */
export async function givenAccount(database: Database): Promise<string> {
  const id = randomUUID();
  await database.query('INSERT INTO account (id, name, ledger_opened_at) VALUES ($1, $2, now())', [
    id,
    'test',
  ]);
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
  /** Withdrawal or account whose messages keep their order. */
  readonly orderingKey: string;
  readonly data: Record<string, unknown>;
}

/** Returns published messages, oldest first; optionally only messages about a single withdrawal. */
export async function published(database: Database, withdrawalId?: string): Promise<Published[]> {
  const rows = await database.query<{ messages: Buffer }>(
    'SELECT messages FROM outbox ORDER BY id',
  );
  return rows
    .flatMap((row) => unpackMessages(row.messages))
    .filter(({ topic }) => !topic.startsWith('audit.'))
    .filter((message) => withdrawalId === undefined || message.orderingKey === withdrawalId)
    .map(({ topic, headers, key, orderingKey, value }) => ({
      topic,
      type: headers['ce_type'] ?? '',
      key,
      orderingKey,
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

/** Number of cases of a withdrawal, by default of every trigger. */
export function countCases(database: Database, id: string, trigger?: string): Promise<number> {
  const where = 'withdrawal_id = $1 AND ($2::text IS NULL OR trigger = $2)';
  return countOf(database, `withdrawal_case WHERE ${where}`, [id, trigger ?? null]);
}

const INVARIANTS = new URL('../postgres/invariants/', import.meta.url);

/** Returns violated invariants except `outbox-drains`, because no relay runs in tests. */
export async function violationsIn({ service }: { readonly service: Database }) {
  const { violations } = await checkInvariants(service, INVARIANTS);
  return violations.filter(({ invariant }) => !invariant.startsWith('outbox-drains'));
}

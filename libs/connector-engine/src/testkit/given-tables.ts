import { connectorOf } from '@sluice/messages';
import { Database, migrate } from '@sluice/postgres';
import { testMessageKeys } from '@sluice/test-kit';
import { asOwner, asService, TEST_LOGIN, type TestPostgres } from '@sluice/test-servers';
import { SendAuthority } from '../authority/send-authority.js';
import { CONNECTOR_ENTITIES } from '../postgres/entities.js';
import { CONNECTOR_SCHEMA } from '../postgres/schema.js';

export interface TestTables {
  readonly service: Database;
  readonly database: Database;
  close(): Promise<void>;
}

/** A connector's tables in a database of their own. */
export async function givenTables(postgres: TestPostgres, name: string): Promise<TestTables> {
  const url = await postgres.createDatabase(name);
  await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: CONNECTOR_SCHEMA });
  const open = (login: string): Promise<Database> =>
    Database.open({ url: login, name, entities: CONNECTOR_ENTITIES });
  const [service, database] = await Promise.all([open(asService(url)), open(url)]);
  return {
    service,
    database,
    close: async () => void (await Promise.all([service.close(), database.close()])),
  };
}

const KEYS = testMessageKeys(connectorOf('testvenue'));

export const TEST_AUTHORITY = new SendAuthority('testvenue', KEYS);

/** Test authority without orders: accepts every order, and seals like the real authority. */
class AnyOrder extends SendAuthority {
  override fault(): null {
    return null;
  }
}

export const ANY_ORDER = new AnyOrder('testvenue', KEYS);

/** Columns of a first attempt with their values, for a row in a state that no step of a test reaches. */
export const AN_ATTEMPT: Readonly<Record<string, string>> = {
  begun: '1',
  attempt_state: "'sending'",
  attempt_reference: "'c'",
  request: "'{}'",
  request_seal: "''",
  attempt_gross: '5',
  evidence: "'{}'",
  attempt_token: '1',
  intended_at: 'now()',
  attempt_venue_time: 'now()',
  serial_number: '(SELECT count(*) + 1 FROM submission WHERE begun IS NOT NULL)',
};

export function assigned(columns: Readonly<Record<string, string>>): string {
  return Object.entries(columns)
    .map(([column, value]) => `${column} = ${value}`)
    .join(', ');
}

/** Assignments that remove the newest attempt of a submission. */
export const WITHOUT_ATTEMPT = assigned(
  Object.fromEntries(Object.keys(AN_ATTEMPT).map((column) => [column, 'NULL'])),
);

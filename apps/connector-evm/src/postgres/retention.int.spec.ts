import { migrate } from '@sluice/postgres';
import { TABLES, tablesInDocs } from '@sluice/test-kit';
import {
  asOwner,
  TEST_LOGIN,
  withClient,
  withTestPostgres,
  type TestPostgres,
} from '@sluice/test-servers';
import { WALLET_SCHEMA } from './schema.js';

describe('what the wallet keeps', () => {
  let postgres: TestPostgres;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  afterAll(() => postgres.stop());

  it("has an entry in the operators' manual for each table", async () => {
    const url = await postgres.createDatabase('retention');
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: WALLET_SCHEMA });

    const { rows } = await withClient(url, (client) => client.query<{ name: string }>(TABLES));

    const written = new Set([...tablesInDocs('connectors'), ...tablesInDocs('connector-evm')]);
    expect(rows.map(({ name }) => name).sort()).toEqual([...written].sort());
  });
});

import { Database, migrate, PLATFORM_SCHEMA } from '@sluice/postgres';
import { asOwner, asService, TEST_LOGIN, testDatabase, withClient } from '@sluice/test-servers';
import { PLATFORM_GAUGES } from './table-gauges.js';

describe('the gauge of what tables take', () => {
  let database: Database;
  let url: string;
  beforeAll(async () => {
    url = await testDatabase('gauges');
    await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: PLATFORM_SCHEMA });
    database = await Database.open({ url: asService(url), name: 'test' });
  });
  afterAll(() => database.close());

  const sizes = async () => {
    const sql = PLATFORM_GAUGES.find(({ name }) => name === 'sluice_table_bytes')?.sql ?? '';
    return new Map(
      (await database.query<{ table: string; value: number }>(sql)).map(({ table, value }) => [
        table,
        value,
      ]),
    );
  };

  it('grows with the rows, and counts parts, indexes and long values with their table', async () => {
    await database.query(
      `INSERT INTO outbox (keys, messages) SELECT '{k}', decode(repeat('ab', 5000), 'hex') FROM generate_series(1, 500)`,
    );
    await withClient(url, (client) => client.query('VACUUM outbox')); // the service's login may not
    const [row] = await database.query<{ bytes: number }>(
      `SELECT sum(pg_total_relation_size(inhrelid))::float8 AS bytes FROM pg_inherits WHERE inhparent = 'outbox'::regclass`,
    );

    const [outbox = 0, bytes = 0] = [(await sizes()).get('outbox'), row?.bytes];

    expect(outbox).toBeGreaterThan(2_500_000);
    expect(outbox / bytes).toBeGreaterThan(0.9);
    expect(outbox).toBeLessThanOrEqual(bytes);
    expect([...(await sizes()).keys()]).toEqual(
      expect.arrayContaining(['inbox', 'outbox', 'dead_letter', 'retention']),
    );
  });
});

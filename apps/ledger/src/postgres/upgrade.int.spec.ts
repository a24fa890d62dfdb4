import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { lastRelease, upgradeFaults } from '@sluice/upgrade-testing';
import { LEDGER_SCHEMA } from './schema.js';

describe('the database of the ledger', () => {
  let postgres: TestPostgres;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  afterAll(() => postgres.stop());

  it('may be migrated while the last release serves', async () => {
    const url = await postgres.createDatabase('upgrade');
    const upgrade = { url, schema: LEDGER_SCHEMA, name: 'LEDGER_SCHEMA', released: lastRelease() };
    expect(await upgradeFaults(upgrade)).toEqual([]);
  });
});

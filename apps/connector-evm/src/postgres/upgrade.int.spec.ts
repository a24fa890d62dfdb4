import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { lastRelease, upgradeFaults } from '@sluice/upgrade-testing';
import { WALLET_SCHEMA } from './schema.js';

describe('the database of the wallet', () => {
  let postgres: TestPostgres;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  afterAll(() => postgres.stop());

  it('may be migrated while the last release serves', async () => {
    const url = await postgres.createDatabase('upgrade');
    const upgrade = { url, schema: WALLET_SCHEMA, name: 'WALLET_SCHEMA', released: lastRelease() };
    expect(await upgradeFaults(upgrade)).toEqual([]);
  });
});

import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { lastRelease, upgradeFaults } from '@sluice/upgrade-testing';
import { WEBHOOKS_SCHEMA } from './schema.js';

describe('the database of webhooks', () => {
  let postgres: TestPostgres;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  afterAll(() => postgres.stop());

  it('may be migrated while the last release serves', async () => {
    const url = await postgres.createDatabase('upgrade');
    const upgrade = {
      ...{ url, schema: WEBHOOKS_SCHEMA, name: 'WEBHOOKS_SCHEMA' },
      released: lastRelease(),
    };
    expect(await upgradeFaults(upgrade)).toEqual([]);
  });
});

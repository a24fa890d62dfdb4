import type { DatabaseSchema } from '@sluice/postgres';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { lastRelease } from './last-release.js';
import { upgradeFaults } from './upgrade-faults.js';

/** That the last release can live with the new migrations of a schema; `name` as its record calls the schema. */
export function describeUpgrade(of: string, schema: DatabaseSchema, name: string): void {
  describe(`the database of ${of}`, () => {
    let postgres: TestPostgres;
    beforeAll(async () => void (postgres = await withTestPostgres()));
    afterAll(() => postgres.stop());

    it('may be migrated while the last release serves', async () => {
      const url = await postgres.createDatabase('upgrade');
      const upgrade = { url, schema, name, released: lastRelease() };
      expect(await upgradeFaults(upgrade)).toEqual([]);
    });
  });
}

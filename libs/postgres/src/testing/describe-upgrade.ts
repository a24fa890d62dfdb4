import type { DatabaseSchema } from '../schema/schema.js';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { lastRelease } from './last-release.js';
import { upgradeFaults } from './upgrade-faults.js';

/**
 * Tests the last release's compatibility with a schema's new migrations. `name` is the schema's
 * name in the release record.
 */
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

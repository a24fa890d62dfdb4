import { entityColumns } from '@sluice/postgres';
import { withTestPostgres } from '@sluice/test-servers';
import { givenInstance } from '../testkit/given-intake.js';

describe('entities', () => {
  it('name each column of their tables with its type, whether it may be null and whether it is of the key', async () => {
    const postgres = await withTestPostgres();
    const { database } = await givenInstance(await postgres.createDatabase('entities'));
    const { mapped, stored } = await entityColumns(database);
    await database.close();
    await postgres.stop();

    expect(mapped).toEqual(stored);
    expect(mapped).toContain('route.minimum numeric null');
  });
});

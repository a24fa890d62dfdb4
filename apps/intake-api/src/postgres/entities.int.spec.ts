import {
  ARCHIVED_WITHDRAWAL,
  WITHDRAWAL_COLUMNS,
  WITHDRAWAL_HISTORY,
  WITHDRAWAL_RECIPIENT,
} from '@sluice/http-api';
import { entityColumns, recordColumns } from '@sluice/postgres';
import { testDatabase } from '@sluice/test-servers';
import { givenInstance } from '../testkit/given-intake.js';

describe('definitions of tables', () => {
  it('name each column with its type, whether it may be null and whether it is of the key', async () => {
    const { database, close } = await givenInstance(await testDatabase('entities'));
    const { mapped, stored } = await entityColumns(database);
    const withdrawal = await recordColumns(database, 'withdrawal', {
      ...WITHDRAWAL_COLUMNS,
      ...WITHDRAWAL_RECIPIENT,
      ...WITHDRAWAL_HISTORY,
    });
    const archive = await recordColumns(database, 'archived_withdrawal', ARCHIVED_WITHDRAWAL);
    await close();

    expect(mapped).toEqual(stored);
    expect(mapped).toContain('route.minimum numeric null');
    expect(withdrawal.declared).toEqual(withdrawal.stored);
    // the database sets the time of the copy; every copy has a reference
    expect([...archive.declared, 'archived_at timestamptz'].sort()).toEqual(
      archive.stored
        .map((line) => (line === 'client_reference text' ? `${line} null` : line))
        .sort(),
    );
  });
});

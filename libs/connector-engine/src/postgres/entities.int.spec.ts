import { SUBMISSION_COLUMNS } from '@sluice/http-api';
import { entityColumns, recordColumns } from '@sluice/postgres';
import { withTestPostgres } from '@sluice/test-servers';
import { TestQueue } from '../testkit/given-queue.js';

describe('entities', () => {
  it('name each column of their tables with its type, whether it may be null and whether it is of the key', async () => {
    const postgres = await withTestPostgres();
    const queue = await TestQueue.start(postgres);
    const { mapped, stored } = await entityColumns(queue.database);
    const submission = await recordColumns(queue.database, 'submission', SUBMISSION_COLUMNS);
    await queue.close();
    await postgres.stop();

    expect(mapped).toEqual(stored);
    expect(submission.declared).toEqual(submission.stored);
    expect(mapped).toContain('halt.lifted_at timestamp with time zone null');
  });
});

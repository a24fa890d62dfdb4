import { eventually } from '@sluice/test-kit';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { TestQueue } from '../testkit/given-queue.js';
import { StoredChanges } from './stored-changes.js';

describe('changes of halts, breaks and permits by another process', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  let woken: string[];
  beforeAll(async () => void (postgres = await withTestPostgres()));
  afterAll(() => postgres.stop());
  beforeEach(async () => {
    queue = await TestQueue.start(postgres);
    woken = [];
    const wakes = (name: string) => () => () => void woken.push(name);
    const lifts = { whenEnded: wakes('halt') };
    const closings = { whenEnded: wakes('break') };
    const permits = { whenStored: wakes('permit') };
    await new StoredChanges(queue.service, lifts, closings, permits).onApplicationBootstrap();
  });
  afterEach(() => queue.close());

  /** With the login of the service, which an attacker may have. */
  const own = (sql: string) => queue.service.query(sql);
  const isWoken = async (...expected: string[]) => {
    await eventually(() => expect(woken).toEqual(expected));
    woken = [];
  };
  const HALT = `INSERT INTO halt (reason, subject, details, opened_by) VALUES ('orphan', 'v1', 'x', 'connector')`;
  const LIFT = `UPDATE halt SET lifted_at = clock_timestamp(), lifted_by = 'A', lift_approved_by = 'B', lift_evidence = 'seen'`;
  const BREAK = `INSERT INTO break (kind, subject, details, halt_id) SELECT 'orphan', 'v1', 'x', id FROM halt`;
  const CLOSE = `UPDATE break SET closed_at = clock_timestamp(), closed_by = 'A', close_evidence = 'seen'`;

  it('wake the check of an end, forged or not, and no check of an opening', async () => {
    await own(HALT);
    await own(BREAK);
    await own(CLOSE);
    await isWoken('break');

    await own(LIFT);
    await isWoken('halt');
  });

  it('wake the check of a permit that is stored or changed', async () => {
    const store = (permit: string) =>
      own(`INSERT INTO auditor_permit (number, permit, cover) VALUES (1, '${permit}', 'c')
           ON CONFLICT (only_row) DO UPDATE SET permit = EXCLUDED.permit`);
    await store('one');
    await isWoken('permit');

    await store('one');
    await store('two');
    await isWoken('permit');
  });

  it('wake every check after a lost connection', async () => {
    await queue.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '% listen' AND datname = current_database()`,
    );

    await isWoken('halt', 'break', 'permit');
    await own(HALT);
    await own(LIFT);
    await isWoken('halt');
  });
});

import { givenDatabase } from '../testkit/given-database.js';
import {
  RETENTION_CUTOFF_ID,
  isBeforeRetentionCutoff,
  RETENTION_CUTOFF,
  PLATFORM_RETENTION,
  storeRetentionRules,
  type RetentionRule,
} from '../schema/retention.js';
import { sweep } from './sweep.js';

const OLD = `partition_bound('uuid', (now() - interval '40 days') AT TIME ZONE 'UTC')`;
const RULE: RetentionRule = {
  table: 'job',
  key: 'id',
  keyType: 'uuid',
  keyBelow: RETENTION_CUTOFF_ID,
  ended: `t.done_at < ${RETENTION_CUTOFF}`,
  dependents: { job_step: 'job_id' },
};

describe('sweep', () => {
  let platform: Awaited<ReturnType<typeof givenDatabase>>;
  beforeAll(async () => {
    platform = await givenDatabase();
    await platform.database.query(
      'CREATE TABLE job (id uuid PRIMARY KEY, name text, done_at timestamptz)',
    );
    await platform.database.query('CREATE TABLE job_step (job_id uuid, n int)');
    await platform.database.query('CREATE TABLE job_paper (job uuid REFERENCES job, n int)');
    await platform.database.query('GRANT ALL ON job, job_step, job_paper TO test_owner');
  });
  beforeEach(async () => {
    await platform.database.query('TRUNCATE job, job_step, job_paper, retention, dead_letter');
  });
  afterAll(() => platform.stop());

  const sql = <R>(text: string, params: readonly unknown[] = []) =>
    platform.database.query<R>(text, params);
  /** As the second of two calls, minutes apart. */
  const later = async (
    rules: readonly RetentionRule[],
    options: Partial<Parameters<typeof sweep>[1]> = {},
  ) => {
    await storeRetentionRules(sql, rules);
    await sweep(platform.service, { days: 30, ...options });
    await sql(`UPDATE retention SET cutoff_set_at = cutoff_set_at - interval '3 minutes'`);
    return sweep(platform.service, { days: 30, ...options });
  };
  /** `count` jobs of 40 days ago, each with a step and a paper. */
  const givenJobs = async (
    name: string,
    count: number,
    doneDaysAgo: number | null,
  ): Promise<void> => {
    await sql(
      `WITH made AS (INSERT INTO job SELECT (left(${OLD}, 24) || lpad(to_hex(n + (SELECT count(*) FROM job)), 12, '0'))::uuid, $1, now() - make_interval(days => $3)
                       FROM generate_series(1, $2::int) AS n RETURNING id),
            steps AS (INSERT INTO job_step SELECT id, 1 FROM made)
       SELECT FROM made`,
      [name, count, doneDaysAgo],
    );
    await sql('INSERT INTO job_paper SELECT id, 1 FROM job WHERE name = $1', [name]);
  };
  const left = async () =>
    (
      await sql<{ name: string; n: number }>(
        'SELECT name, count(*)::int AS n FROM job GROUP BY 1 ORDER BY 1',
      )
    ).map((row) => `${row.name} ${row.n}`);

  it('removes what ended long ago, with its dependents by column or foreign key, and nothing else', async () => {
    await givenJobs('done', 5, 35);
    await givenJobs('done late', 3, 1);
    await givenJobs('open', 2, null);

    expect(await later([RULE])).toEqual({ job: 5 });

    expect(await left()).toEqual(['done late 3', 'open 2']);
    expect(await sql('SELECT FROM job_step')).toHaveLength(5);
    expect(await sql('SELECT FROM job_paper')).toHaveLength(5);
  });

  it('scans past any number of rows that stay, a bounded number with each statement', async () => {
    await givenJobs('open', 25, null);
    await givenJobs('done', 12, 35);

    expect(await later([RULE], { batchSize: 5 })).toEqual({ job: 12 });
    expect(await left()).toEqual(['open 25']);
  });

  it('leaves a locked row for the next sweep, and waits for nobody', async () => {
    await givenJobs('done', 3, 35);
    const swept = await platform.database.withClient(async (client) => {
      await client.query('BEGIN');
      await client.query('SELECT FROM job ORDER BY id LIMIT 1 FOR UPDATE');
      try {
        return await later([RULE]);
      } finally {
        await client.query('ROLLBACK');
      }
    });

    expect(swept).toEqual({ job: 2 });
    expect(await left()).toEqual(['done 1']);
  });

  it('keeps nobody waiting while it works: others insert and change rows of the table without a wait for any lock', async () => {
    await givenJobs('done', 2_000, 35);
    await givenJobs('open', 20, null);
    let sweeping = true;
    const swept = later([RULE], { batchSize: 50 }).finally(() => (sweeping = false));
    const turns = await platform.database.withClient(async (client) => {
      await client.query(`SET lock_timeout = '10ms'`);
      let count = 0;
      for (; sweeping || count === 0; count++) {
        await client.query(`INSERT INTO job VALUES (gen_random_uuid(), 'new', NULL)`);
        await client.query(`UPDATE job SET name = 'open' WHERE name = 'open'`);
      }
      await client.query('RESET lock_timeout');
      return count;
    });

    expect(await swept).toEqual({ job: 2_000 });
    expect(await left()).toEqual([`new ${turns}`, 'open 20']);
  });

  it('stores the cutoff minutes before the first row is removed by it', async () => {
    await givenJobs('done', 3, 35);
    await storeRetentionRules(sql, [RULE]);
    expect(await sweep(platform.service, { days: 30 })).toEqual({});
    expect(await sweep(platform.service, { days: 30 })).toBeNull();
    expect(await left()).toEqual(['done 3']);

    const idOf = (days: number, version: number) =>
      `overlay(overlay(${OLD.replace('40', String(days))} placing '${version}' from 15) placing '8' from 20)::uuid`;
    const [known] = await sql(
      `SELECT ${isBeforeRetentionCutoff(idOf(31, 4))} AS without_time, ${isBeforeRetentionCutoff(idOf(31, 7))} AS old, ${isBeforeRetentionCutoff(idOf(29, 7))} AS young`,
    );
    expect(known).toEqual({ without_time: false, old: true, young: false });
  });

  it('is done by one instance at a time, and never goes back when more days are set', async () => {
    await platform.database.withClient(async (client) => {
      await client.query('SELECT pg_advisory_lock(7315004)');
      expect(await sweep(platform.service, { days: 30 })).toBeNull();
      await client.query('SELECT pg_advisory_unlock(7315004)');
    });
    await sweep(platform.service, { days: 30 });
    const [before] = await sql<{ cutoff: Date }>('SELECT cutoff FROM retention');
    await later([], { days: 400 });
    expect(await sql('SELECT cutoff FROM retention')).toEqual([before]);
  });

  it('lets the login of a service remove nothing sooner: no row, no rule and no cutoff of its own', async () => {
    await givenJobs('done', 1, 35);
    await storeRetentionRules(sql, [RULE]);
    const asService = (text: string) => platform.service.query(text);

    for (const statement of [
      'DELETE FROM job',
      `UPDATE retention SET cutoff = now(), cutoff_set_at = now() - interval '3 minutes'`,
      `INSERT INTO retention (cutoff) VALUES (now())`,
      `UPDATE retention_rule SET statement = 'DELETE FROM job'`,
    ])
      await expect(asService(statement)).rejects.toMatchObject({ code: '42501' });
    await expect(asService('SELECT set_retention_cutoff(29)')).rejects.toThrow('30 days at least');
    await expect(asService('SELECT sweep_step(0, NULL, 100)')).rejects.toThrow('only just now');
    await asService('SELECT set_retention_cutoff(30)');
    await expect(asService('SELECT sweep_step(0, NULL, 100)')).rejects.toThrow('only just now');
    expect(await left()).toEqual(['done 1']);
  });

  it('removes replayed messages, and never one that waits for a person', async () => {
    await sql(
      `INSERT INTO dead_letter (topic, partition, "offset", headers, value, encoding, cause, dead_lettered_at, replayed_at)
       SELECT 't', 0, n, '{}', '', 'utf8', 'why', now() - interval '50 days', CASE n WHEN 1 THEN now() - interval '40 days' WHEN 2 THEN now() END
         FROM generate_series(1, 3) AS n`,
    );
    expect(await later(PLATFORM_RETENTION)).toMatchObject({ dead_letter: 1 });
    expect(await sql('SELECT "offset" FROM dead_letter ORDER BY id')).toEqual([
      { offset: '2' },
      { offset: '3' },
    ]);
  });
});

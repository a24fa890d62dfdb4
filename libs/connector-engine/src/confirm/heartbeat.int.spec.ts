import { randomUUIDv7 } from 'node:crypto';
import { Health } from '@sluice/service-shell';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { AttemptWatch, ClaimCommits } from '../queue/claim-commits.js';
import { TEST_AUTHORITY } from '../testkit/given-tables.js';
import { submitCommand, TestQueue } from '../testkit/given-queue.js';
import { UNCONFIRM_AFTER_A_DISCONTINUITY } from './confirm-sql.js';
import { Heartbeat } from './heartbeat.js';

const QUIET = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

describe('what was not sent before nobody was alive here for a while, or before a restore', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  beforeEach(async () => {
    queue = await TestQueue.start(postgres);
    await start();
  });
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const watch = () =>
    new AttemptWatch(queue.unitOfWork, new ClaimCommits(queue.unitOfWork, QUIET), TEST_AUTHORITY);
  const start = () =>
    new Heartbeat(queue.service, QUIET, queue.capabilities, watch(), new Health()).begin();
  const lastAlive = (secondsAgo: number) =>
    queue.database.query(
      `UPDATE heartbeat SET alive_at = clock_timestamp() - $1 * interval '1 second'`,
      [secondsAgo],
    );
  const claimed = async (): Promise<string[]> =>
    (await queue.claim('a')).map(({ withdrawalId }) => withdrawalId);
  const ordered = async (): Promise<string> => {
    const [id = ''] = await queue.submit(null);
    return id;
  };
  const anotherStarts = () =>
    queue.database.query(`UPDATE heartbeat SET identity = 'another'`).then(start);
  const goesBack = () => queue.database.query(UNCONFIRM_AFTER_A_DISCONTINUITY, ['this one', 0]);
  /** As a look-up leaves it that finds nothing. */
  const foundNowhere = () => queue.database.query('UPDATE submission SET lookup_first = false');
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

  it('is sent when intake-api asks what has become of it, and not before: it may have been cancelled or paid elsewhere since', async () => {
    const id = await ordered();
    await lastAlive(16);
    await start();
    await foundNowhere();

    expect(await claimed()).toEqual([]);
    await queue.report({ withdrawalId: id, state: 'submitting' });
    expect(await claimed()).toEqual([id]);
  });

  it('is looked up before that: it may have been paid from here', async () => {
    const id = await ordered();
    await lastAlive(16);
    await start();

    await queue.report({ withdrawalId: id, state: 'submitting' });
    await foundNowhere();
    expect(await claimed()).toEqual([]);
    await queue.report({ withdrawalId: id, state: 'submitting' });
    expect(await claimed()).toEqual([id]);
  });

  it('is sent when it is ordered again', async () => {
    const id = await ordered();
    await lastAlive(16);
    await start();
    await foundNowhere();

    await queue.orderAgain(id);

    expect(await claimed()).toEqual([id]);
  });

  it('is not sent for a question or an order that was read again from the log', async () => {
    const id = await ordered();
    await lastAlive(3_600);
    await start();

    await queue.take({ ...submitCommand(id), time: minutesAgo(11) });
    await queue.take({
      id: randomUUIDv7(),
      source: 'test',
      subject: id,
      time: minutesAgo(11),
      type: 'venue.report-submissions.v1',
      data: { withdrawalId: id, items: [{ withdrawalId: id, state: 'submitting' }] },
    });

    expect(await claimed()).toEqual([]);
  });

  it('waits as well when the log gives an old order again to a database that has never seen it', async () => {
    const id = randomUUIDv7();
    await queue.take({ ...submitCommand(id), time: minutesAgo(11) });

    expect(await claimed()).toEqual([]);
    await foundNowhere();
    expect(await claimed()).toEqual([]);
    await queue.report({ withdrawalId: id, state: 'submitting' });
    expect(await claimed()).toEqual([id]);
  });

  it('waits, and is looked up, when the last heartbeat was of another database, however young it is', async () => {
    const id = await ordered();
    await queue.database.query(`UPDATE heartbeat SET identity = 'another'`);
    await start();

    expect(await claimed()).toEqual([]);
    await foundNowhere();
    await queue.report({ withdrawalId: id, state: 'submitting' });
    expect(await claimed()).toEqual([id]);
  });

  it('waits when it was ordered before the database went back, and comes again', async () => {
    await queue.database.query(
      `UPDATE heartbeat SET went_back_at = clock_timestamp(), look_up_from = clock_timestamp()`,
    );
    const id = randomUUIDv7();
    await queue.take(submitCommand(id));

    expect(await claimed()).toEqual([]);
    await foundNowhere();
    expect(await claimed()).toEqual([]);
    await queue.report({ withdrawalId: id, state: 'submitting' });
    expect(await claimed()).toEqual([id]);
  });

  it('that waits for its look-up is announced with the time of it, also to a question', async () => {
    await queue.database.query(
      `UPDATE heartbeat SET went_back_at = clock_timestamp(), look_up_from = clock_timestamp() + interval '1 minute'`,
    );
    const id = randomUUIDv7();
    await queue.take(submitCommand(id));
    await queue.report({ withdrawalId: id, state: 'submitting' });

    expect(queue.publishedOf(id)).toEqual(['submission-scheduled', 'submission-scheduled']);
  });

  it('is not claimed when the count of heartbeats was put back under a process that lives', async () => {
    const heartbeat = new Heartbeat(
      queue.service,
      QUIET,
      queue.capabilities,
      watch(),
      new Health(),
    );
    for (let n = 0; n < 3; n++) await heartbeat.begin();
    const id = await ordered();
    const causes: string[] = [];
    queue.service.continuity.listen({ noticed: (cause) => causes.push(cause) });
    await queue.database.query('UPDATE heartbeat SET beats = beats - 1');

    expect(await claimed()).toEqual([]);
    expect(await queue.rowOf(id)).toMatchObject({ state: 'prepared', attempts: 0 });
    expect(causes).toEqual([expect.stringMatching(/^its counter is \d+, and was/)]);
  });

  it.each([
    ['that starts on a restored database begins anew', () => anotherStarts(), [0, 0, true]],
    ['under which the database goes back begins anew', () => goesBack(), [0, 0, true]],
    ['that was idle for a while goes on', () => lastAlive(16).then(start), [3, 3, false]],
  ] as const)(
    'the silence of an unknown outcome, in a process %s',
    async (_what, happens, left) => {
      const id = await ordered();
      const evidence = { status: null, body: '' };
      await queue.outcome(await queue.claim('a'), { kind: 'unknown', cause: 'cut', evidence });
      await queue.database.query(
        `UPDATE submission SET empty_lookups = 3, covering_lookups = 3, given_up_at = clock_timestamp() - interval '1 hour'`,
      );

      await happens();

      const rows = await queue.database.query(
        `SELECT withdrawal_id, ARRAY[empty_lookups, covering_lookups] AS lookups, given_up_at > clock_timestamp() - interval '1 minute' AS anew FROM submission`,
      );
      const [empty, covering, anew] = left;
      expect(rows).toEqual([{ withdrawal_id: id, lookups: [empty, covering], anew }]);
    },
  );

  it('is not claimed when an attempt or its number was removed: a heartbeat halts the venue', async () => {
    await ordered();
    await queue.claim('a');
    const compared = watch();
    await compared.compare();
    await queue.database.query('UPDATE sending SET last = 0');
    await compared.compare();
    await queue.database.query('UPDATE sending SET last = 1');
    await queue.database.query(
      'ALTER TABLE submission DISABLE TRIGGER USER; DELETE FROM submission',
    );
    await compared.compare();
    await ordered();

    expect(await claimed()).toEqual([]);
    expect(await queue.database.query('SELECT reason, subject FROM halt ORDER BY id')).toEqual([
      { reason: 'attempts_missing', subject: 'last 0' },
      { reason: 'attempts_missing', subject: 'missing 1 to 1' },
    ]);
  });

  it('is not claimed when an attempt was moved to another order: its seal does not fit', async () => {
    const other = await ordered();
    await queue.claim('a');
    const compared = watch();
    await compared.compare();
    expect(await queue.database.query('SELECT FROM halt')).toEqual([]);
    await ordered();

    await queue.database.query(
      'UPDATE submission SET withdrawal_id = $1 WHERE withdrawal_id = $2',
      [randomUUIDv7(), other],
    );
    await compared.compare();

    expect(await claimed()).toEqual([]);
    expect(await queue.database.query('SELECT reason, subject FROM halt')).toEqual([
      { reason: 'attempts_missing', subject: 'number 1' },
    ]);
  });

  it('goes on at once after a restart within seconds', async () => {
    const id = await ordered();
    await lastAlive(10);
    await start();

    expect(await claimed()).toEqual([id]);
  });
});

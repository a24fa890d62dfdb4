import { randomUUIDv7 } from 'node:crypto';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { submitCommand, TestQueue } from '../testkit/given-queue.js';
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

  const start = () => new Heartbeat(queue.service, QUIET).begin();
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
      ...{
        id: randomUUIDv7(),
        source: 'test',
        subject: id,
        time: minutesAgo(11),
        type: 'venue.report-submissions.v1',
      },
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

  it('goes on at once after a restart within seconds', async () => {
    const id = await ordered();
    await lastAlive(10);
    await start();

    expect(await claimed()).toEqual([id]);
  });
});

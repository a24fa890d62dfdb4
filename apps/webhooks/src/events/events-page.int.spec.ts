import type { AccountEventsQuery } from '@sluice/http-api';
import { ACCOUNT, givenWebhooks, migrated, type TestWebhooks } from '../testkit/given-webhooks.js';
import { firstPositionSql } from './schedule-deliveries.js';
import { eventsPage } from './events.admin.controller.js';

type Filter = Omit<AccountEventsQuery, 'account'>;

const START = Date.parse('2026-10-01T00:00:00Z');
/** The table has more than 1,000. */
const MOST_BLOCKS = 200;

/** 39,999 events, of which each 5,000th is a failure. Each was written a second after it was scheduled. */
const LONG_HISTORY = `
  INSERT INTO delivery (id, position, account_id, in_log, event, body, seal, created_at)
  SELECT n, ${firstPositionSql(`at + interval '1 second'`)} + n % 2048, $1, true, CASE WHEN n % 5000 = 0 THEN 'withdrawal.failed' ELSE 'withdrawal.confirmed' END,
         n || repeat(' ', 200), '', at
    FROM generate_series(1, 39999) AS n, LATERAL (SELECT timestamptz '2026-10-01T00:00:00Z' + n * interval '1 minute' AS at) AS t`;

describe('events of a long history', () => {
  let webhooks: TestWebhooks;
  beforeAll(async () => {
    webhooks = await givenWebhooks(await migrated());
    await webhooks.database.query(LONG_HISTORY, [ACCOUNT]);
    await webhooks.database.query('ANALYZE delivery');
  });
  afterAll(() => webhooks.close());

  /** Of the history, which has one event in each minute of some weeks. */
  const minute = (n: number) => new Date(START + n * 60_000).toISOString();
  const answered = async (filter: Filter) => {
    const { sql, params } = eventsPage({ ...filter, account: ACCOUNT, limit: 51 });
    const rows = await webhooks.database.query<{ body: string }>(sql, [...params]);
    return rows.map(({ body }) => Number(body));
  };
  /** How many blocks of the database the statement looks at. */
  const blocksOf = async (filter: Filter) => {
    const { sql, params } = eventsPage({ ...filter, account: ACCOUNT, limit: 51 });
    const [plan] = await webhooks.database.query<{
      'QUERY PLAN': [{ Plan: Record<string, number> }];
    }>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sql}`, [...params]);
    const whole = plan?.['QUERY PLAN'][0].Plan ?? {};
    return (whole['Shared Hit Blocks'] ?? 0) + (whole['Shared Read Blocks'] ?? 0);
  };

  it.each<[string, Filter, readonly number[]]>([
    ['by their name', { event: 'withdrawal.failed' }, [35_000, 30_000, 25_000, 20_000]],
    ['by one that is not there', { event: 'withdrawal.cancelled' }, []],
    ['until a time', { before: minute(3) }, [2, 1]],
    ['in a time', { since: minute(9_000), before: minute(9_002) }, [9_001, 9_000]],
    [
      'by their name in a time',
      { event: 'withdrawal.failed', since: minute(15_000), before: minute(25_000) },
      [20_000, 15_000],
    ],
    ['by their name since a time', { event: 'withdrawal.failed', since: minute(35_001) }, []],
    ['by a common name until a time', { event: 'withdrawal.confirmed', before: minute(2) }, [1]],
  ])('are found %s without a look at the others', async (_name, filter, expected) => {
    expect((await answered(filter)).slice(0, 4)).toEqual(expected);
    expect(await blocksOf(filter)).toBeLessThan(MOST_BLOCKS);
  });
});

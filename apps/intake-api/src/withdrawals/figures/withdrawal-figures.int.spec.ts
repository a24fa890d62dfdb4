import type { WithdrawalCountsDto, WithdrawalThroughputDto } from '@sluice/http-api';
import { testDatabase } from '@sluice/test-servers';
import { givenApi, type TestApi } from '../../testkit/given-api.js';
import { givenAccount } from '../../testkit/given-intake.js';
import { sow, type Sown } from '../../testkit/given-terms.js';
import { WithdrawalFigures } from './withdrawal-figures.js';

describe('figures of withdrawals', () => {
  let api: TestApi;
  let accountId: string;
  beforeEach(async () => {
    api = await givenApi(await testDatabase('intake'));
    accountId = await givenAccount(api.database);
  });
  afterEach(() => api.close());

  const get = async <T>(path: string): Promise<T> => {
    const answer = await api.send({ target: `/internal/withdrawals/${path}` });
    expect([answer.status, answer.body.message]).toEqual([200, 'OK']);
    return (JSON.parse(answer.text) as { data: T }).data;
  };
  const one = (state: Sown['state'], agoMs: number, currency = 'USDT', network = 'ETH'): Sown => {
    return { accountId, keyId: 'k', state, currency, network, venue: 'gateio', agoMs };
  };
  const MINUTE = 60_000;
  /** As recovery leaves it: older ones are listed, the newer ones were not looked at. */
  const recovered = async (numbers: readonly number[]) => {
    await api.database.query(
      `INSERT INTO open_withdrawal (id) SELECT id FROM withdrawal WHERE number = ANY ($1::bigint[])`,
      [numbers],
    );
    await api.database.query('UPDATE recovery SET scanned_to = $1', [Math.max(...numbers, 0)]);
  };

  it('count withdrawals under way by state, asset and age, each once', async () => {
    const numbers = await sow(api.database, [
      one('uncertain', 2 * 60 * MINUTE),
      one('submitted', 30 * MINUTE),
      one('completed', 29 * MINUTE),
      one('submitted', 5 * MINUTE, 'BTC', 'BTC'),
      one('submitted', 1_000),
      one('failed', 500),
    ]);
    // the fourth is listed and not yet scanned, the third has ended since it was listed
    await recovered(numbers.slice(0, 4));
    await api.database.query('UPDATE recovery SET scanned_to = $1', [numbers[2]]);

    const counts = await get<WithdrawalCountsDto>('counts');

    const ages = (...found: number[]) =>
      [60, 600, 3_600, 86_400, null].map((end, place) => ({
        up_to_seconds: end,
        count: found[place] ?? 0,
      }));
    expect(counts).toEqual({
      counted_at: expect.stringMatching(/Z$/) as string,
      complete: true,
      states: [
        {
          state: 'submitted',
          count: 3,
          oldest_since: expect.stringMatching(/Z$/) as string,
          assets: [
            { asset: 'BTC.BTC', count: 1, amount: '5' },
            { asset: 'USDT.ETH', count: 2, amount: '10' },
          ],
          ages: ages(1, 1, 1),
        },
        {
          state: 'uncertain',
          count: 1,
          oldest_since: expect.stringMatching(/Z$/) as string,
          assets: [{ asset: 'USDT.ETH', count: 1, amount: '5' }],
          ages: ages(0, 0, 0, 1),
        },
      ],
    });
    const [old] = await api.database.query<{ at: Date }>(
      'SELECT min(updated_at) AS at FROM withdrawal',
    );
    expect(counts.states[1]?.oldest_since).toBe(old?.at.toISOString());
  });

  it('say that nothing is under way', async () => {
    expect(await get('counts')).toMatchObject({ complete: true, states: [] });
  });

  it('have each minute of the last hour, with ends and ages at completion', async () => {
    await sow(api.database, [
      one('completed', 10 * MINUTE),
      one('completed', 10 * MINUTE),
      one('failed', 5 * MINUTE),
      one('submitted', 5 * MINUTE),
    ]);
    await api.database.query(
      `UPDATE withdrawal SET requested_at = date_trunc('minute', requested_at) + interval '30 seconds'`,
    );
    await api.database.query(
      `UPDATE withdrawal w SET updated_at = w.requested_at + (10 + 10 * (SELECT count(*) FROM withdrawal o WHERE o.number < w.number)) * interval '1 second' WHERE state = 'completed'`,
    );

    const { minutes, since, counted_at: at } = await get<WithdrawalThroughputDto>('throughput');

    expect(minutes).toHaveLength(60);
    expect(Date.parse(at) - Date.parse(since)).toBeGreaterThanOrEqual(60 * MINUTE);
    expect(
      minutes.filter(({ requested, completed, failed }) => requested + completed + failed > 0),
    ).toMatchObject([
      { requested: 2, completed: 2, failed: 0, median_seconds: 15, longest_seconds: 20 },
      { requested: 2, completed: 0, failed: 1, median_seconds: null, longest_seconds: null },
    ]);
  });

  it('are read once for many who ask', async () => {
    let queries = 0;
    const counted = {
      query: (sql: string, params: unknown[]) => (queries++, api.database.query(sql, params)),
    };
    const figures = new WithdrawalFigures(counted as never);
    await Promise.all([
      figures.counts(),
      figures.counts(),
      figures.throughput(),
      figures.throughput(),
    ]);
    await figures.counts();

    expect(queries).toBe(2);
  });

  it('read no table from end to end, whatever is under way', async () => {
    await api.database.query(MANY, [accountId]);
    await api.database.query(
      `INSERT INTO open_withdrawal (id) SELECT id FROM withdrawal WHERE state = 'submitted'`,
    );
    await api.database.query(
      'UPDATE recovery SET scanned_to = (SELECT max(number) FROM withdrawal)',
    );
    await api.database.query('VACUUM (ANALYZE) withdrawal, open_withdrawal');
    const plans: string[] = [];
    const explaining = {
      query: async (sql: string, params: unknown[]) => {
        const rows = await api.database.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, params);
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
        return api.database.query(sql, params);
      },
    };
    const figures = new WithdrawalFigures(explaining as never);

    expect((await figures.counts()).states).toMatchObject([{ state: 'submitted', count: 20_000 }]);
    await figures.throughput();
    expect(plans.join('\n')).not.toMatch(/Seq Scan on withdrawal/);
  });
});

/** 200,000 over two days, each tenth under way. */
const MANY = `
  INSERT INTO withdrawal (id, number, account_id, key_id, currency, network, decimals, destination, amount, fee, venue, pinned, digest, order_seal, venue_client_reference, recipient, first_payment, first_step, state, sequence, requested_at, updated_at)
  SELECT uuidv7(at - clock_timestamp()), (extract(epoch FROM at - timestamptz '2026-01-01T00:00:00Z') * 1000)::bigint * 2048 + n % 2048, $1, 'ck_1', 'USDT', 'ETH', 6, '{}', 5, 1, 'gateio', false, 'd', 's', 'v', '', false, '[]',
         CASE WHEN n % 10 = 0 THEN 'submitted' ELSE 'completed' END, 2, at, at
    FROM generate_series(1, 200000) AS n, LATERAL (SELECT date_trunc('milliseconds', clock_timestamp()) - (200000 - n) * interval '0.9 seconds' AS at) AS t`;

import type { PolicyUseDto } from '@sluice/http-api';
import { givenAccount, place, release, USDT, type TestLedger } from '../testkit/given-ledger.js';
import { dailyLimit, nothingMoved, PolicyLedger } from '../testkit/policy-ledger.js';
import { USES } from './policy-use.js';

const DIGEST = 'a1'.repeat(32);
const HOUR_MS = 3_600_000;
/** Counters of a second limit, of which each key has 50 old buckets. */
const MANY_COUNTERS = `
  INSERT INTO policy_counter (meter, key, bucket, used)
  SELECT m.id, 'ZZ.Z ' || lpad(k::text, 6, '0'), date_trunc('hour', now(), 'UTC') - b * interval '1 hour', k
    FROM policy_meter m, generate_series(1, 1000) AS k, generate_series(20, 69) AS b`;
/** The table has more than 600; each key needs the blocks of two look-ups, and of its rows in the window. */
const BLOCKS_OF_A_KEY = 16;

describe('the use of the limits in force', () => {
  let given: PolicyLedger;
  let ledger: TestLedger;
  let accountId: string;
  PolicyLedger.forEachTest((one) => void ({ ledger, accountId } = given = one));

  const hold = (payout: string, account = accountId) => {
    const { type, data } = place(account, String(Number(payout) + 1));
    const order = { payout, fee: '1', digest: DIGEST, venue: 'gateio', keyId: 'key-1' };
    return { type, data: { ...data, ...order } };
  };
  const used = async (query = '') =>
    (await given.ask('GET', `policy/use${query}`)).body.data as PolicyUseDto;

  it('has no limit before a publishing', async () =>
    expect(await used()).toMatchObject({ version: 0, limits: [] }));

  it('names who is nearest first, with what is left, and never less than nothing', async () => {
    const few = dailyLimit('3', { name: 'few', unit: 'payments', per: [] });
    const { version } = await given.publish({ rules: [dailyLimit('100'), few] });
    const other = await givenAccount(ledger, '1000');
    await ledger.run(hold('10'), hold('0.5', other), hold('70', other));

    expect(await used()).toMatchObject({
      version,
      limits: [
        {
          rule: 'daily',
          max: '100',
          unit: 'asset',
          window: 'day',
          counted_per: ['asset', 'account'],
          complete: true,
          uses: [
            { key: `${USDT} ${other}`, used: '70.5', remaining: '29.5' },
            { key: `${USDT} ${accountId}`, used: '10', remaining: '90' },
          ],
        },
        { rule: 'few', counted_per: [], uses: [{ key: '', used: '3', remaining: '0' }] },
      ],
    });
    await given.publish({ rules: [dailyLimit('60'), few] });
    expect((await used()).limits[0]?.uses[0]).toMatchObject({ used: '70.5', remaining: '0' });
  });

  it('counts neither what left the window nor what was released', async () => {
    await given.publish({ rules: [dailyLimit('100')] });
    const released = hold('30');
    await ledger.runAt(new Date(Date.now() - 26 * HOUR_MS), hold('50'));
    await ledger.run(released);
    expect((await used()).limits[0]?.uses).toMatchObject([{ used: '30' }]);

    await ledger.run(release(released, 'not paid', nothingMoved(released, 'gateio')));

    expect((await used()).limits[0]?.uses).toEqual([]);
  });

  it('says when it has not looked at every key, and looks at more of one rule', async () => {
    await given.publish({ rules: [dailyLimit('1000')] });
    await ledger.database.query(MANY_COUNTERS);

    const [all] = (await used()).limits;
    const [one] = (await used('?rule=daily')).limits;

    expect(all?.complete).toBe(false);
    expect(all?.uses).toHaveLength(20);
    expect(one?.complete).toBe(true);
    expect(one?.uses[0]).toMatchObject({ key: 'ZZ.Z 001000', remaining: '0' });
    expect((await given.ask('GET', 'policy/use?rule=other')).status).toBe(404);

    await ledger.database.query('VACUUM ANALYZE policy_counter');
    const [meter] = await ledger.database.query<{ id: string }>('SELECT id FROM policy_meter');
    const [plan] = await ledger.database.query<{
      'QUERY PLAN': [{ Plan: Record<string, number> }];
    }>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${USES}`, [
      [meter?.id],
      [new Date(Date.now() - 25 * HOUR_MS).toISOString()],
      20,
    ]);
    const whole = plan?.['QUERY PLAN'][0].Plan ?? {};
    const blocks = (whole['Shared Hit Blocks'] ?? 0) + (whole['Shared Read Blocks'] ?? 0);
    expect(blocks).toBeLessThan(20 * BLOCKS_OF_A_KEY);
    await ledger.database.query(`DELETE FROM policy_counter WHERE key LIKE 'ZZ.Z %'`);
  });
});

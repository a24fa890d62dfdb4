import { capture, place, release, type TestLedger } from '../testkit/given-ledger.js';
import { dailyLimit, nothingMoved, PolicyLedger } from '../testkit/policy-ledger.js';

const DIGEST = 'a1'.repeat(32);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Replayed {
  readonly requests: number;
  readonly since: string | null;
  readonly refused_before: number;
  readonly refused_after: number;
  readonly changes: number;
  readonly changed: readonly {
    readonly withdrawal_id: string;
    readonly before: string;
    readonly after: string;
    readonly rule: string;
  }[];
}

describe('a dry run of a rule set', () => {
  let given: PolicyLedger;
  let ledger: TestLedger;
  let accountId: string;
  /** Time of the first decision. */
  let start: number;
  PolicyLedger.forEachTest((one) => void ({ ledger, accountId } = given = one));
  beforeEach(async () => {
    start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 50 * HOUR_MS;
    // In the first days of a month the decisions lie in the month before, for which a new ledger has no partition.
    await ledger.database.query(`SELECT create_partitions('journal_entry', $1, now())`, [at(0)]);
  });

  const publish = (...rules: readonly object[]) => given.publish({ rules });
  const dryRun = async (rules: readonly object[], last = 10_000): Promise<Replayed> => {
    const body = { policy: { rules }, last };
    const answer = await given.ask('POST', 'policy/dry-run', body);
    expect(answer.status).toBe(200);
    return answer.body.data as Replayed;
  };
  const hold = (payout: string, venue = 'gateio') => {
    const { type, data } = place(accountId, String(Number(payout) + 1));
    return { type, data: { ...data, payout, fee: '1', digest: DIGEST, venue, keyId: 'key-1' } };
  };
  type TestHold = ReturnType<typeof hold>;
  const at = (minutes: number) => new Date(start + minutes * MINUTE_MS);
  const placeAt = async (minutes: number, ...holds: readonly TestHold[]) =>
    (await ledger.runAt(at(minutes), ...holds)).map(({ event }) => event.type.split('.')[1]);
  const releaseAt = (minutes: number, ...holds: readonly TestHold[]) => {
    const releases = holds.map((one) => release(one, 'not paid', nothingMoved(one, 'gateio')));
    return ledger.runAt(at(minutes), ...releases);
  };
  const captureAt = (minutes: number, one: TestHold, amount: string) =>
    ledger.runAt(at(minutes), capture(one, amount, '1', 'gateio'));
  const idsOf = (answer: Replayed) => answer.changed.map((one) => one.withdrawal_id);
  const idOf = ({ data }: TestHold) => data.withdrawalId;

  it('of the set in force changes no decision, with releases, smaller captures and windows between', async () => {
    const rules = [
      dailyLimit('100'),
      dailyLimit('90', { name: 'hourly', window: 'hour' }),
      dailyLimit('60', {
        name: 'venue',
        per: ['venue'],
        window: 'calendar_day',
        time_zone: 'Asia/Kathmandu',
      }),
      dailyLimit('9', { name: 'count', per: [], unit: 'payments', window: 'lifetime' }),
    ];
    await publish(...rules);
    const [first, second, third, fourth] = [hold('50'), hold('40', 'bybit'), hold('30'), hold('9')];
    await placeAt(0, first, second);
    await placeAt(1, third);
    await releaseAt(2, first);
    await placeAt(3, hold('30'), hold('29'));
    await captureAt(4, second, '39.5');
    await placeAt(5, fourth);
    await placeAt(26 * 60, hold('55'), hold('55', 'bybit'), hold('1'));
    const refused = await ledger.database.query(`SELECT FROM hold WHERE state = 'refused'`);
    expect(refused.length).toBeGreaterThan(1);

    const answer = await dryRun(rules);

    expect(answer).toMatchObject({ changes: 0, changed: [], since: at(0).toISOString() });
    expect(answer.refused_before).toBe(refused.length);
    expect(answer.refused_after).toBe(refused.length);
  });

  it('of a lower limit lists exactly the withdrawals that it would have refused', async () => {
    const [first, second, third, fourth, last] = [
      hold('30'),
      hold('30'),
      hold('30'),
      hold('30'),
      hold('30'),
    ];
    await placeAt(0, first);
    await placeAt(1, second);
    await placeAt(2, third);
    await releaseAt(3, first);
    await placeAt(4, fourth);
    await placeAt(26 * 60, last);

    const answer = await dryRun([dailyLimit('60')]);

    expect(idsOf(answer)).toEqual([idOf(third)]);
    expect(answer).toMatchObject({ requests: 5, refused_before: 0, refused_after: 1, changes: 1 });
    expect(answer.changed[0]).toMatchObject({ before: 'allow', after: 'deny', rule: 'daily' });
    expect(
      idsOf(await dryRun([dailyLimit('60'), dailyLimit('70', { name: 'same-count' })])),
    ).toEqual([idOf(third)]);
    expect(idsOf(await dryRun([dailyLimit('60', { window: 'hour' })], 1))).toEqual([]);
  });

  it('counts what was paid from the capture on', async () => {
    const [first, second, third] = [hold('30'), hold('20'), hold('20')];
    await placeAt(0, first);
    await placeAt(1, second);
    await captureAt(2, first, '10');
    await placeAt(3, third);

    expect(idsOf(await dryRun([dailyLimit('40')]))).toEqual([idOf(second)]);
    expect(idsOf(await dryRun([dailyLimit('49.9')]))).toEqual([idOf(second)]);
    expect(idsOf(await dryRun([dailyLimit('50')]))).toEqual([]);
  });

  it('of a set that would have allowed a refused request lists the request', async () => {
    await publish(dailyLimit('100'), { kind: 'deny', name: 'no-bybit', venues: ['bybit'] });
    const [denied, allowed, beyond] = [hold('5', 'bybit'), hold('5'), hold('96')];
    await placeAt(0, denied);
    await placeAt(1, allowed);
    await placeAt(2, beyond);

    const answer = await dryRun([dailyLimit('200')]);

    expect(answer).toMatchObject({ requests: 3, refused_before: 2, refused_after: 0, changes: 2 });
    expect(answer.changed).toMatchObject([
      { before: 'deny', after: 'allow', rule: 'no-bybit' },
      { before: 'deny', after: 'allow', rule: 'daily' },
    ]);
    expect(idsOf(answer)).toEqual([idOf(denied), idOf(beyond)]);
  });

  it('leaves out a request that was refused without the policy, and writes no row', async () => {
    await placeAt(0, hold('2000000'), hold('1'));
    const { requests, changes } = await dryRun([dailyLimit('0.5')]);
    expect({ requests, changes }).toEqual({ requests: 1, changes: 1 });
    expect(await ledger.database.query('SELECT FROM policy_counter')).toEqual([]);
    expect(await ledger.database.query('SELECT FROM policy_set')).toEqual([]);
  });

  it('replays 3,000 holds within seconds, while the process does its other work', async () => {
    for (let batch = 0; batch < 30; batch++) {
      const holds = Array.from({ length: 100 }, () => hold('1'));
      await placeAt(batch * 90, ...holds);
      await releaseAt(batch * 90 + 7, ...holds.filter((_, index) => index % 2 === 0));
    }
    const cpuMs = (since?: NodeJS.CpuUsage) => {
      const { user, system } = process.cpuUsage(since);
      return (user + system) / 1_000;
    };
    const begun = process.cpuUsage();
    let [longestMs, before] = [0, begun];
    const ticker = setInterval(() => {
      longestMs = Math.max(longestMs, cpuMs(before));
      before = process.cpuUsage();
    }, 1);

    const began = performance.now();
    const answer = await dryRun([
      dailyLimit('1000'),
      dailyLimit('900', {
        name: 'zone',
        per: [],
        window: 'calendar_day',
        time_zone: 'Europe/Warsaw',
      }),
      dailyLimit('90', {
        name: 'hourly',
        per: ['destination', 'venue'],
        unit: 'payments',
        window: 'hour',
      }),
      dailyLimit('1200', { name: 'month', per: ['key'], window: '30_days' }),
    ]);
    const tookMs = performance.now() - began;
    clearInterval(ticker);
    const allMs = cpuMs(begun);

    expect(answer.requests).toBe(3_000);
    expect(tookMs).toBeLessThan(20_000);
    // Processor time: other processes and the speed of the machine do not count.
    expect(longestMs).toBeLessThan(allMs * 0.4);
  });
});

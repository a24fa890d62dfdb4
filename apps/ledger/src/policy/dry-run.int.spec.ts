import { signNothingMoved } from '@sluice/signing';
import { testMessageKeys } from '@sluice/test-kit';
import { connectorOf } from '@sluice/messages';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { givenLedgerApp } from '../testkit/given-ledger-app.js';
import {
  capture,
  givenAccount,
  givenLedger,
  place,
  release,
  USDT,
  type TestLedger,
} from '../testkit/given-ledger.js';

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

/** One ledger for each test: a rule set is in force for the whole database. */
describe('a dry run of a rule set', () => {
  let postgres: TestPostgres;
  let ledger: TestLedger;
  let app: Awaited<ReturnType<typeof givenLedgerApp>>;
  let accountId: string;
  /** Time of the first decision. */
  let start: number;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  beforeEach(async () => {
    ledger = await givenLedger(postgres);
    app = await givenLedgerApp(ledger);
    accountId = await givenAccount(ledger, '1000000');
    start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 50 * HOUR_MS;
  });
  afterEach(async () => {
    await app.close();
    await ledger.close();
  });
  afterAll(() => postgres.stop());

  const as = (name: string) => app.issuer.tokenOf(name, { roles: ['administer', 'approve'] });
  const limit = (max: string, more: object = {}) => ({
    kind: 'limit',
    name: 'daily',
    assets: [USDT],
    per: ['account'],
    max,
    unit: 'asset',
    window: 'day',
    ...more,
  });
  const publish = async (...rules: readonly object[]) => {
    const body = { after_version: 0, policy: { rules } };
    await app.ask('POST', '/internal/policy', body, as('ada'));
    const { status } = await app.ask('POST', '/internal/policy', body, as('peter'));
    expect(status).toBe(200);
  };
  const dryRun = async (rules: readonly object[], last = 10_000): Promise<Replayed> => {
    const body = { policy: { rules }, last };
    const answer = await app.ask('POST', '/internal/policy/dry-run', body, as('ada'));
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
    const keys = testMessageKeys(connectorOf('gateio')).with('ledger');
    const proofOf = ({ data: { withdrawalId } }: TestHold) =>
      signNothingMoved(keys, { withdrawalId, digest: DIGEST, venue: 'gateio' });
    const releases = holds.map((one) => release(one, 'not paid', proofOf(one)));
    return ledger.runAt(at(minutes), ...releases);
  };
  const captureAt = (minutes: number, one: TestHold, amount: string) =>
    ledger.runAt(at(minutes), capture(one, amount, '1', 'gateio'));
  const idsOf = (answer: Replayed) => answer.changed.map((one) => one.withdrawal_id);
  const idOf = ({ data }: TestHold) => data.withdrawalId;

  it('of the set in force changes no decision, with releases, smaller captures and windows between', async () => {
    const rules = [
      limit('100'),
      limit('90', { name: 'hourly', window: 'hour' }),
      limit('60', {
        name: 'venue',
        per: ['venue'],
        window: 'calendar_day',
        time_zone: 'Asia/Kathmandu',
      }),
      limit('9', { name: 'count', per: [], unit: 'payments', window: 'lifetime' }),
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

    const answer = await dryRun([limit('60')]);

    expect(idsOf(answer)).toEqual([idOf(third)]);
    expect(answer).toMatchObject({ requests: 5, refused_before: 0, refused_after: 1, changes: 1 });
    expect(answer.changed[0]).toMatchObject({ before: 'allow', after: 'deny', rule: 'daily' });
    expect(idsOf(await dryRun([limit('60'), limit('70', { name: 'same-count' })]))).toEqual([
      idOf(third),
    ]);
    expect(idsOf(await dryRun([limit('60', { window: 'hour' })], 1))).toEqual([]);
  });

  it('counts what was paid from the capture on', async () => {
    const [first, second, third] = [hold('30'), hold('20'), hold('20')];
    await placeAt(0, first);
    await placeAt(1, second);
    await captureAt(2, first, '10');
    await placeAt(3, third);

    expect(idsOf(await dryRun([limit('40')]))).toEqual([idOf(second)]);
    expect(idsOf(await dryRun([limit('49.9')]))).toEqual([idOf(second)]);
    expect(idsOf(await dryRun([limit('50')]))).toEqual([]);
  });

  it('of a set that would have allowed a refused request lists the request', async () => {
    await publish(limit('100'), { kind: 'deny', name: 'no-bybit', venues: ['bybit'] });
    const [denied, allowed, beyond] = [hold('5', 'bybit'), hold('5'), hold('96')];
    await placeAt(0, denied);
    await placeAt(1, allowed);
    await placeAt(2, beyond);

    const answer = await dryRun([limit('200')]);

    expect(answer).toMatchObject({ requests: 3, refused_before: 2, refused_after: 0, changes: 2 });
    expect(answer.changed).toMatchObject([
      { before: 'deny', after: 'allow', rule: 'no-bybit' },
      { before: 'deny', after: 'allow', rule: 'daily' },
    ]);
    expect(idsOf(answer)).toEqual([idOf(denied), idOf(beyond)]);
  });

  it('leaves out a request that was refused without the policy, and writes no row', async () => {
    await placeAt(0, hold('2000000'), hold('1'));
    const { requests, changes } = await dryRun([limit('0.5')]);
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
    let [longestMs, before] = [0, process.cpuUsage()];
    const ticker = setInterval(() => {
      const { user, system } = process.cpuUsage(before);
      longestMs = Math.max(longestMs, (user + system) / 1_000);
      before = process.cpuUsage();
    }, 1);

    const began = performance.now();
    const answer = await dryRun([
      limit('1000'),
      limit('900', { name: 'zone', per: [], window: 'calendar_day', time_zone: 'Europe/Warsaw' }),
      limit('90', {
        name: 'hourly',
        per: ['destination', 'venue'],
        unit: 'payments',
        window: 'hour',
      }),
      limit('1200', { name: 'month', per: ['key'], window: '30_days' }),
    ]);
    const tookMs = performance.now() - began;
    clearInterval(ticker);

    expect(answer.requests).toBe(3_000);
    expect(tookMs).toBeLessThan(20_000);
    // Processor time of the longest turn: other processes of the machine do not count.
    expect(longestMs).toBeLessThan(200);
  });
});

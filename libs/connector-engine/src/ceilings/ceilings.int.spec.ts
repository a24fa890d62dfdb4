import { randomUUIDv7 } from 'node:crypto';
import { byTwo } from '@sluice/test-kit';
import { withClient, withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { ClaimCommits } from '../queue/claim-commits.js';
import { SubmissionQueue, type Claim } from '../queue/submission-queue.js';
import {
  ANY_PERMIT,
  FORM,
  givenCeilings,
  NOT_SENT,
  QUIET,
  submitCommand,
  TestQueue,
} from '../testkit/given-queue.js';
import { ANY_ORDER } from '../testkit/given-tables.js';
import type { LoweredCeilings } from '@sluice/kernel';
import { SENT_THIS_HOUR, SENT_TODAY, sumsOf } from './ceilings.js';

describe('a ceiling', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => (postgres = await withTestPostgres()));
  beforeEach(async () => void (queue = await TestQueue.start(postgres)));
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const ordered = (...amounts: readonly string[]) =>
    queue.take(...amounts.map((amount) => submitCommand(randomUUIDv7(), { amount })));
  /** A process of its own; it keeps nothing of the others in memory. */
  const instance = async (lowered: LoweredCeilings, owner = 'a') => {
    const ceilings = givenCeilings([FORM], lowered);
    return new SubmissionQueue(
      queue.unitOfWork,
      owner,
      ANY_ORDER,
      { ceilings, lifts: queue.lifts, permits: ANY_PERMIT },
      new ClaimCommits(queue.unitOfWork, QUIET),
    );
  };
  const claim = async (lowered: LoweredCeilings, most = 100): Promise<Claim[]> => {
    const claiming = await instance(lowered, randomUUIDv7());
    const due = await claiming.peek(FORM, most);
    const ready = due.map((order) => ({
      order,
      request: { form: FORM.form, body: '{}', gross: order.amount, evidence: {} },
    }));
    return claiming.claim(ready, 60_000, new Date());
  };
  const breaks = async () => (await queue.breaks.list()).map(({ subject }) => subject);
  /** Sets the stored start of the hour or the day. */
  const begins = (part: 'hour' | 'day', startSql: string) =>
    queue.database.query(
      `UPDATE sending SET sums = jsonb_set(sums, '{USDT.ETH,${part}}', to_jsonb(${startSql}))`,
    );
  const moved = (part: 'hour' | 'day', bySql: string) =>
    begins(part, `(sums -> 'USDT.ETH' ->> '${part}')::timestamptz ${bySql}`);
  const sum = async () => {
    const [row] = await queue.database.query<{ sum: string }>(
      'SELECT coalesce(sum(gross), 0)::text AS sum FROM attempt',
    );
    return row?.sum;
  };

  it.each([
    ['call', { call: '5' }, ['5', '5.01'], '5'],
    ['hour', { hour: '5' }, ['3', '2', '0.01'], '5'],
    ['day', { day: '5' }, ['3', '2', '0.01'], '5'],
  ] as const)(
    'by %s keeps what is above it in the queue, halts the asset and is a break',
    async (span, lowered, amounts, sent) => {
      await ordered(...amounts);

      await claim({ USDT: lowered });
      await claim({ USDT: lowered }); // a restart counts on

      expect(await sum()).toBe(sent);
      expect(await breaks()).toEqual([expect.stringMatching(`^USDT.ETH ${span} `)]);
      expect(await queue.halts.inForce()).toMatchObject([
        { scope: 'asset', target: 'USDT.ETH', reason: 'ceiling' },
      ]);
      expect(
        await queue.database.query(`SELECT FROM submission WHERE state = 'prepared'`),
      ).toHaveLength(1);
    },
  );

  it('is not passed by fifty that claim at once just below it', async () => {
    await ordered(...Array.from({ length: 60 }, () => '1'));

    const claims = await Promise.all(
      Array.from({ length: 50 }, () => claim({ USDT: { hour: '49.5' } }, 7)),
    );

    expect(await sum()).toBe(String(claims.flat().length));
    expect(claims.flat().length).toBeLessThanOrEqual(49);
    expect(claims.flat().length).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 10));
    await claim({ USDT: { hour: '49.5' } });
    await claim({ USDT: { hour: '49.5' } });
    expect(Number(await sum())).toBeLessThanOrEqual(49);
  });

  it('by call that a person has looked at holds up nothing behind the order that is above it', async () => {
    const lowered = { USDT: { call: '5', hour: '6' } };
    await ordered('900', '5');
    expect(await claim(lowered)).toHaveLength(1);
    const halts = queue.halts;
    for (const { id } of await halts.inForce())
      await byTwo((caller) => halts.lift(id, 'seen', caller));
    await ordered('1');

    expect(await claim(lowered)).toHaveLength(1);
    expect(await claim(lowered)).toEqual([]);
    expect(await halts.inForce()).toEqual([]);
    expect(await sum()).toBe('6');
  });

  it('begins anew with the hour and the day, by the clock of the database', async () => {
    await ordered('4', '4');
    expect(await claim({ USDT: { hour: '4' } }, 1)).toHaveLength(1);

    await moved('hour', `- interval '1 hour'`);
    expect(await claim({ USDT: { hour: '4', day: '8' } })).toHaveLength(1);
    await ordered('0.01');
    expect(await claim({ USDT: { hour: '5', day: '8' } })).toEqual([]);
  });

  it.each(['America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati', 'Pacific/Marquesas'])(
    'by day counts on in a database that is set to %s, also after an hour or a day of that zone was stored',
    async (zone) => {
      await ordered('4', '4');
      expect(await claim({ USDT: { day: '4' } }, 1)).toHaveLength(1);
      const [{ name } = { name: '' }] = await queue.database.query<{ name: string }>(
        'SELECT current_database() AS name',
      );
      await queue.database.query(`ALTER DATABASE ${name} SET timezone = '${zone}'`);
      for (const part of ['hour', 'day'] as const)
        await begins(part, `date_trunc('${part}', clock_timestamp(), '${zone}')`);

      await withClient(postgres.url(name), async (client) => {
        const { rows } = await client.query<{ zone: string; hour: string; day: string }>(
          `SELECT current_setting('timezone') AS zone, ${SENT_THIS_HOUR} AS hour, ${SENT_TODAY} AS day FROM sending s, ${sumsOf('s', `'USDT.ETH'`)}`,
        );
        expect(rows).toEqual([{ zone, hour: '4', day: '4' }]);
      });
      expect(await claim({ USDT: { day: '4' } })).toEqual([]);
      expect(await sum()).toBe('4');
    },
  );

  it('by day ends after 24 hours, and not with a clock that was set back', async () => {
    await ordered('4', '3', '3');
    expect(await claim({ USDT: { day: '4' } }, 1)).toHaveLength(1);
    await moved('day', `+ interval '1 day'`);
    expect(await claim({ USDT: { day: '4' } })).toEqual([]);
    await moved('day', `- interval '2 days'`);
    await queue.database.query(
      `UPDATE submission SET next_action_at = now() WHERE state = 'prepared'`,
    );
    for (const { id } of await queue.halts.inForce())
      await byTwo((caller) => queue.halts.lift(id, 'seen', caller));
    expect(await claim({ USDT: { day: '4' } })).toHaveLength(1);
  });

  it('counts a withdrawal once, however often its sending begins', async () => {
    await ordered('4');
    for (let time = 0; time < 3; time++)
      await queue.outcome(await claim({ USDT: { day: '4' } }), NOT_SENT);

    expect(await breaks()).toEqual([]);
    expect(
      await queue.database.query(`SELECT sums -> 'USDT.ETH' ->> 'day_amount' AS day FROM sending`),
    ).toEqual([{ day: '4' }]);
  });
});

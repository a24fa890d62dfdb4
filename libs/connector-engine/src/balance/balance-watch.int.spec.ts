import type { VenueBalances, SpendingSpan } from '@sluice/connector-rules';
import { Amount } from '@sluice/kernel';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { NO_ANSWER, TestQueue } from '../testkit/given-queue.js';
import { BalanceWatch } from './balance-watch.js';

const QUIET = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const LARGEST_FEE = 100;

describe('the balance of a venue', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  let watch: BalanceWatch;
  let venueHas: string | null;
  /** Called during each reading. */
  let duringReading: () => Promise<void>;

  beforeAll(async () => (postgres = await withTestPostgres()));
  beforeEach(async () => {
    queue = await TestQueue.start(postgres);
    duringReading = () => Promise.resolve();
    const balances = async (): Promise<VenueBalances> => {
      if (venueHas === null) return { kind: 'unavailable', cause: 'closed' };
      const total = Amount.of(venueHas, 'USDT.-');
      await duringReading();
      return { kind: 'balances', balances: [{ currency: 'USDT', total }] };
    };
    watch = new BalanceWatch(
      { balances, capabilities: queue.capabilities },
      queue.unitOfWork,
      queue.loops('a'),
      QUIET,
      { recordIntervalMs: 60_000 },
    );
    await reads('1000');
  });
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  /** As the loop does: a doubt is read twice. */
  const reads = async (has: string | null): Promise<string[]> => {
    venueHas = has;
    if (await watch.read(false)) await watch.read(true);
    const breaks = await queue.breaks.list();
    return breaks.map(({ kind, details }) => `${kind}: ${details}`);
  };
  const sql = (text: string) => queue.database.query(text);
  /** Of 1 USDT. */
  const sent = async () => {
    await queue.submit(null);
    const claims = await queue.claim('a');
    const accepted = { kind: 'accepted', evidence: NO_ANSWER } as const;
    for (const claim of claims)
      await queue.outcome([claim], { ...accepted, venueReference: claim.withdrawalId });
  };
  const settled = async (fee: string, ago = '10 minutes') => {
    await sql(`UPDATE venue_balance SET counted_to = counted_to - interval '1 hour'`);
    await sql(
      `UPDATE submission SET state = 'settled', venue_fee = ${fee}, finished_at = now() - interval '${ago}', next_action_at = NULL WHERE state = 'accepted'`,
    );
  };

  it('that stays is no break, and neither is one that cannot be read', async () => {
    expect(await reads('1000')).toEqual([]);
    expect(await reads(null)).toEqual([]);
  });

  it('that falls by nothing that was sent is a break, once', async () => {
    expect(await reads('999.99')).toEqual([
      'balance_apart: the venue has 999.99 USDT of ours: 1000 was expected, and at least 1000 with all that is under way',
    ]);
    expect(await reads('999.99')).toHaveLength(1);
    expect(await reads('900')).toHaveLength(2);
  });

  it('that is apart in one reading alone is none', async () => {
    venueHas = '0';
    expect(await watch.read(false)).toBe(true);
    venueHas = '1000';
    expect(await watch.read(true)).toBe(false);
    expect(await reads('1000')).toEqual([]);
  });

  it('is read again if another instance has stored a reading in the meantime', async () => {
    await sent();
    await settled('0');
    const balance = () =>
      sql('SELECT total::text, expected::text, counted_to::text FROM venue_balance');
    let stored: unknown;
    duringReading = async () => {
      duringReading = () => Promise.resolve();
      expect(await watch.read(false)).toBe(false);
      stored = await balance();
    };
    venueHas = '999';

    expect(await watch.read(false)).toBe(true);

    expect(stored).toMatchObject([{ total: '999', expected: '999' }]);
    expect(await balance()).toEqual(stored);
    expect(await sql('SELECT FROM venue_deposit')).toEqual([]);
    expect(await reads('999')).toEqual([]);
    expect(await sql('SELECT FROM venue_deposit')).toEqual([]);
  });

  it('may fall by what is under way and its fee, and by no more', async () => {
    await sent();

    expect(await reads('1000')).toEqual([]);
    expect(await reads(String(999 - LARGEST_FEE))).toEqual([]);
    expect(await reads(String(998 - LARGEST_FEE))).toHaveLength(1);
  });

  it('may fall by what the venue has turned away, until its records were searched', async () => {
    await queue.submit(null);
    const claims = await queue.claim('a');
    const evidence = { status: 429, body: 'too fast' };
    const turnedAway = { kind: 'not_sent', retryAfterMs: 60_000, cause: 'too fast' } as const;
    await queue.outcome(claims, { ...turnedAway, evidence });

    expect(await reads(String(999 - LARGEST_FEE))).toEqual([]);
    expect(await reads(String(998 - LARGEST_FEE))).toHaveLength(1);
  });

  it('may fall by what a killed process may have sent before it stored the claim, until it was looked up', async () => {
    await queue.submit(null);
    await sql('UPDATE submission SET lookup_first = true, next_action_at = now()');

    expect(await reads(String(999 - LARGEST_FEE))).toEqual([]);
    expect(await reads(String(998 - LARGEST_FEE))).toHaveLength(1);
  });

  it('falls by what has settled and its fee, to the last digit', async () => {
    await sent();
    await settled('2.5');

    expect(await reads('996.5')).toEqual([]);
    expect(await reads('996.5')).toEqual([]);
    expect(await reads('996.499')).toHaveLength(1);
  });

  it('falls by a fee once, also while another payment is under way', async () => {
    await sent();
    await settled('2.5', '3 minutes');
    await sent();
    expect(await reads('996.5')).toEqual([]);
    await sql(`UPDATE venue_balance SET counted_to = now() - interval '150 seconds'`);
    await sql(
      `UPDATE submission SET state = 'settled', venue_fee = 2.5, finished_at = now() - interval '130 seconds', next_action_at = NULL WHERE state = 'accepted'`,
    );

    expect(await reads('993')).toEqual([]);
    expect(await reads('992.999')).toHaveLength(1);
  });

  it('falls by no fee on top where the venue takes it out of what was sent', async () => {
    await sent();
    await settled('2.5');
    await sql(`UPDATE submission SET gross = amount + venue_fee WHERE state = 'settled'`);

    expect(await reads('996.5')).toEqual([]);
    expect(await sql('SELECT FROM venue_deposit')).toEqual([]);
    expect(await reads('996.499')).toHaveLength(1);
  });

  it('is counted once for each payment', async () => {
    await sent();
    await settled('0');
    expect(await reads('999')).toEqual([]);

    await sent();
    await settled('0', '3 minutes');
    await sql(`UPDATE venue_balance SET counted_to = now() - interval '5 minutes'`);
    expect(await reads('998')).toEqual([]);
    expect(await reads('997.9')).toHaveLength(1);
  });

  it('that rises has a deposit, which covers nothing that goes out', async () => {
    expect(await reads('1500')).toEqual([]);
    expect(await sql('SELECT currency, amount::text FROM venue_deposit')).toEqual([
      { currency: 'USDT', amount: '500' },
    ]);

    expect(await reads('1499')).toHaveLength(1);
  });

  it('is not apart for a payment that was given back', async () => {
    await sent();
    expect(await reads('999')).toEqual([]);
    await settled('0');
    await sql(`UPDATE submission SET state = 'failed', reason = 'rejected'`);

    expect(await reads('1000')).toEqual([]);
    expect(await reads('999')).toHaveLength(1);
  });

  it('is not apart for a record that nobody here has sent, which has a break of its own', async () => {
    await sql(
      `INSERT INTO unclaimed_record (venue_reference, form, equality_keys, amount_key, gross, venue_status, created_at) VALUES ('v', 'pay', '{}', 'USDT 7', '7', 'DONE', now())`,
    );

    expect(await reads('993')).toEqual([]);
    expect(await reads('900')).toHaveLength(1);
  });

  describe('of a wallet of ours, by asset', () => {
    let gas: { gone: string; underWay: string };
    let asked: readonly SpendingSpan[];
    const start = async () => {
      gas = { gone: '0', underWay: '0' };
      await sql('DELETE FROM venue_balance');
      const balance = (asset: 'USDT.ETH' | 'ETH.ETH', total: string) => ({
        currency: asset,
        total: Amount.of(total, asset),
      });
      watch = new BalanceWatch(
        {
          capabilities: { ...queue.capabilities, balancesOf: 'asset' },
          balances: () =>
            Promise.resolve({
              kind: 'balances',
              balances: [balance('USDT.ETH', '500'), balance('ETH.ETH', venueHas ?? '0')],
            }),
          besides: (spans) => {
            asked = spans;
            const { gone, underWay } = gas;
            return Promise.resolve([
              {
                currency: 'ETH.ETH',
                gone: Amount.of(gone, 'ETH.ETH'),
                underWay: Amount.of(underWay, 'ETH.ETH'),
              },
            ]);
          },
        },
        queue.unitOfWork,
        queue.loops('a'),
        QUIET,
        { recordIntervalMs: 60_000 },
      );
      await reads('10');
    };
    /** By wei: a double of it would have lost them. */
    const GAS = '0.000462000000000021';

    it('falls by the gas that its chain took, and by no wei more', async () => {
      await start();
      gas = { gone: GAS, underWay: '0' };

      expect(await reads('9.999537999999999979')).toEqual([]);
      gas = { gone: '0', underWay: '0' };
      expect(await reads('9.999537999999999978')).toEqual([
        'balance_apart: the venue has 9.999537999999999978 ETH.ETH of ours: 9.999537999999999979 was expected, and at least 9.999537999999999979 with all that is under way',
      ]);
    });

    it('may fall by the gas of what is begun', async () => {
      await start();
      gas = { gone: '0', underWay: GAS };

      expect(await reads('10')).toEqual([]);
      expect(await reads('9.9996')).toEqual([]);
      expect(await reads('9.9995')).toHaveLength(1);
    });

    it('is asked what else it spent since each balance was counted, until two minutes ago', async () => {
      await start();
      await reads('10');

      expect(asked.map(({ currency }) => currency).sort()).toEqual(['ETH.ETH', 'USDT.ETH']);
      for (const { from, to } of asked) expect(from.getTime()).toBeLessThanOrEqual(to.getTime());
    });

    it('falls by payments of that asset alone, without a fee on top', async () => {
      await start();
      await sent();
      await settled('NULL');

      // 1 USDT.ETH has left, and the balance of it shows none of that: a deposit, and no break.
      expect(await reads('10')).toEqual([]);
      expect(await sql('SELECT currency, amount::text FROM venue_deposit')).toEqual([
        { currency: 'USDT.ETH', amount: '1' },
      ]);
    });
  });
});

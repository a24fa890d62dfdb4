import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '@sluice/postgres';
import { eventually } from '@sluice/test-kit';
import { setFsync, withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { countOf, givenInstance, type TestInstance } from '../testkit/given-intake.js';
import { AdmissionStore } from './admission.js';
import { admitWithOrders, type PendingAdmission, type SignedAttempt } from './pending-admission.js';

describe('AdmissionStore', () => {
  let postgres: TestPostgres;
  let url: string;
  let a: TestInstance;
  let b: TestInstance;
  let now = 0;
  let stores: [AdmissionStore, AdmissionStore];
  beforeAll(async () => {
    postgres = await withTestPostgres();
    url = await postgres.createDatabase('intake');
    [a, b] = [await givenInstance(url), await givenInstance(url)];
  });
  afterAll(async () => {
    await Promise.all([a, b].map((instance) => instance.close()));
    await postgres.stop();
  });
  beforeEach(async () => {
    stores = [new AdmissionStore(a.service), new AdmissionStore(b.service)];
    now = Math.floor(a.database.clock.now().getTime() / 1000);
    await a.database.query('TRUNCATE used_signature, rate_window, api_key_use');
  });

  const anAttempt = (change: Partial<SignedAttempt> = {}): SignedAttempt => ({
    signature: randomBytes(32).toString('hex'),
    timestamp: now,
    keyId: 'ck_1',
    rateLimit: 1000,
    counts: true,
    ...change,
  });
  /** The database's clock cannot be moved by a test: what is stored gets older instead. */
  async function minutesPass(count: number): Promise<void> {
    for (const table of ['used_signature', 'rate_window'])
      await a.database.query(`UPDATE ${table} SET minute = minute - $1::int`, [count]);
  }
  /** The same requests, by turns at one instance and the other. */
  const admitAll = (attempts: readonly SignedAttempt[]) =>
    Promise.all(attempts.map((attempt, index) => stores[index % 2 === 0 ? 0 : 1].admit(attempt)));
  const tally = (answers: readonly string[]) =>
    Object.fromEntries(
      Object.entries(Object.groupBy(answers, (answer) => answer)).map(([k, v]) => [k, v?.length]),
    );

  it('admits a signature once, whichever instances it comes to at the same time', async () => {
    const attempt = anAttempt();
    expect(tally(await admitAll(Array.from({ length: 20 }, () => attempt)))).toEqual({
      admitted: 1,
      signature_used: 19,
    });
    expect(await stores[1].admit(attempt)).toBe('signature_used');
  });

  it('admits a released signature once more, at any instance', async () => {
    const [attempt, equal] = [anAttempt(), anAttempt()];
    const again = { ...attempt };
    await admitAll([attempt, equal]);

    await Promise.all([stores[0].release(attempt), stores[1].release(equal)]);

    expect(await stores[1].admit(again)).toBe('admitted');
    expect(await stores[0].admit({ ...attempt })).toBe('signature_used');
    await stores[0].release(attempt); // late: another attempt has the signature now
    expect(await stores[0].admit({ ...attempt })).toBe('signature_used');
  });

  it('releases no signature for an attempt that was refused, or that came with the first', async () => {
    const attempts = Array.from({ length: 4 }, () => anAttempt()).flatMap((one) => [
      one,
      { ...one },
    ]);
    const refused = (await admitAll(attempts)).flatMap((answer, index) =>
      answer === 'signature_used' ? (attempts[index] ?? []) : [],
    );
    expect(refused).toHaveLength(4);

    for (const attempt of refused) await Promise.all(stores.map((store) => store.release(attempt)));

    expect(tally(await admitAll(attempts))).toEqual({ signature_used: 8 });
  });

  it('repeats a release that the database did not take', async () => {
    const attempt = anAttempt();
    await stores[0].admit(attempt);
    const [locked, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holding = b.database.withClient(async (client) => {
      await client.query('BEGIN; LOCK TABLE used_signature IN ACCESS EXCLUSIVE MODE');
      locked.resolve();
      await free.promise;
      await client.query('COMMIT');
    });
    await locked.promise;
    const releasing = stores[0].release(attempt);
    await eventually(async () => {
      const cut = await b.database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'used_signature'::regclass AND NOT granted`,
      );
      expect(cut).toHaveLength(1);
    });
    await releasing;
    free.resolve();
    await holding;

    await eventually(async () => expect(await stores[1].admit({ ...attempt })).toBe('admitted'));
  });

  it('keeps a key’s limit exactly, over two instances and a hundred requests at once', async () => {
    const answers = await admitAll(Array.from({ length: 100 }, () => anAttempt({ rateLimit: 37 })));
    expect(tally(answers)).toEqual({ admitted: 37, rate_limited: 63 });
  });

  it('counts each key by itself and starts again in the next minute', async () => {
    const limited = (keyId: string) => anAttempt({ keyId, rateLimit: 1 });
    expect(tally(await admitAll([limited('x'), limited('y'), limited('x'), limited('y')]))).toEqual(
      { admitted: 2, rate_limited: 2 },
    );
    await minutesPass(1);
    expect(await stores[0].admit(anAttempt({ keyId: 'x', rateLimit: 1 }))).toBe('admitted');
  });

  describe('with a large limit', () => {
    const rateLimit = 500; // ten numbers are reserved ahead
    const admitOne = (store: AdmissionStore) => store.admit(anAttempt({ rateLimit }));
    /** No test may run into the next minute. */
    beforeEach(async () => {
      const second = a.database.clock.now().getTime() % 60_000;
      if (second > 45_000) await sleep(60_000 - second);
      now = Math.floor(a.database.clock.now().getTime() / 1000);
    });

    it('updates the count once for many requests, and admits the limit exactly', async () => {
      const [store] = stores;
      const used = async () =>
        (await a.database.query<{ used: number }>('SELECT used FROM rate_window'))[0]?.used;

      for (let n = 0; n < 11; n++) expect(await admitOne(store)).toBe('admitted');
      expect(await used()).toBe(11);
      expect(await admitOne(store)).toBe('admitted');
      expect(await used()).toBe(22);

      const answers = await Promise.all(Array.from({ length: 600 }, () => admitOne(store)));
      expect(tally(answers)).toEqual({ admitted: 488, rate_limited: 112 });
    });

    it('loses over two instances the numbers that one of them did not use, and admits no more than the limit', async () => {
      const [first, second] = stores;
      expect(await admitOne(second)).toBe('admitted');

      const answers = await Promise.all(Array.from({ length: 600 }, () => admitOne(first)));

      expect(tally(answers)).toEqual({ admitted: 489, rate_limited: 111 });
    });

    describe('for an order', () => {
      const putOffAll = (count: number, change: Partial<SignedAttempt> = {}) =>
        Array.from({ length: count }, () => stores[0].putOff(anAttempt({ rateLimit, ...change })));
      const withOrders = (pending: readonly PendingAdmission[]) =>
        a.unitOfWork.run(async (tx) => [...(await admitWithOrders(tx, pending)).values()]);
      /** Puts one off; a number is reserved before. */
      async function aPending(attempt: SignedAttempt): Promise<PendingAdmission> {
        await admitOne(stores[0]);
        const pending = stores[0].putOff(attempt);
        if (!pending) throw new Error('no number was reserved');
        return pending;
      }

      it('stores nothing until the transaction of the order, and needs a reserved number', async () => {
        expect(putOffAll(1)).toEqual([null]);
        await admitOne(stores[0]);

        const pending = putOffAll(11);

        expect(pending.map((one) => one !== null)).toEqual([
          ...Array<boolean>(10).fill(true),
          false,
        ]);
        expect(putOffAll(1, { keyId: 'ck_2' })).toEqual([null]);
        expect(await countOf(a.database, 'used_signature')).toBe(1);
        expect(await withOrders(pending.filter((one) => one !== null))).toEqual(
          Array(10).fill('admitted'),
        );
        expect(await countOf(a.database, 'used_signature')).toBe(11);
      });

      it('admits the limit exactly, whichever way the requests take', async () => {
        const [store] = stores;
        const answers = await Promise.all(
          Array.from({ length: 600 }, async (_, n) => {
            if (n % 3 === 0) await sleep(n / 20);
            const attempt = anAttempt({ rateLimit });
            return store.putOff(attempt) ? 'admitted' : store.admit(attempt);
          }),
        );
        expect(tally(answers)).toEqual({ admitted: 500, rate_limited: 100 });
      });

      it.each([0, 1] as const)(
        'refuses a replay of it, and of another request by it',
        async (at) => {
          const [first, second] = [anAttempt({ rateLimit }), anAttempt({ rateLimit })];
          const pending = await aPending(first);
          await stores[at].admit(second);

          expect(await withOrders([pending])).toEqual(['admitted']);
          expect(await stores[at].admit({ ...first })).toBe('signature_used');
          expect(await withOrders([await aPending({ ...first })])).toEqual(['signature_used']);
          expect(await withOrders([await aPending({ ...second })])).toEqual(['signature_used']);
        },
      );

      it('admits of equal requests one, within a transaction and over simultaneous transactions', async () => {
        const attempt = anAttempt({ rateLimit });
        const equal = [await aPending(attempt), await aPending(attempt), await aPending(attempt)];

        const [twice, once] = await Promise.all([
          withOrders(equal.slice(0, 2)),
          b.unitOfWork.run(async (tx) => [...(await admitWithOrders(tx, equal.slice(2))).values()]),
        ]);

        expect(tally([...twice, ...once])).toEqual({ admitted: 1, signature_used: 2 });
      });

      it('leaves the signature new if the transaction of the order rolls back', async () => {
        const pending = await aPending(anAttempt({ rateLimit }));
        const failing = a.unitOfWork.run(async (tx) => {
          await admitWithOrders(tx, [pending]);
          throw new Error('no order');
        });
        await expect(failing).rejects.toThrow('no order');

        expect(await withOrders([pending])).toEqual(['admitted']);
      });

      it('refuses a request that waited too long', async () => {
        const pending = await aPending(anAttempt({ rateLimit, timestamp: now - 340 }));
        expect(await withOrders([pending])).toEqual(['outside_window']);
      });

      it('cannot be released after the transaction of the order', async () => {
        const pending = await aPending(anAttempt({ rateLimit }));
        await withOrders([pending]);

        await stores[0].release(pending.attempt);

        expect(await stores[0].admit({ ...pending.attempt })).toBe('signature_used');
      });

      it('is stored by itself for a refused request, counts once, and may be released', async () => {
        const pending = await aPending(anAttempt({ rateLimit }));
        expect(await stores[0].admitPending(pending)).toBe('admitted');
        expect(await stores[1].admit({ ...pending.attempt })).toBe('signature_used');
        const left = () => putOffAll(20).filter((one) => one !== null).length;
        expect(left()).toBe(9);

        await stores[0].release(pending.attempt);

        expect(await stores[1].admit({ ...pending.attempt })).toBe('admitted');
      });

      it('counts no replay', async () => {
        const attempt = anAttempt({ rateLimit });
        await stores[1].admit({ ...attempt, keyId: 'ck_2' });
        const pending = await aPending(attempt);

        expect(await stores[0].admitPending(pending)).toBe('signature_used');

        expect(putOffAll(20).filter((one) => one !== null)).toHaveLength(10);
      });
    });
  });

  it('counts a replayed signature once', async () => {
    const attempt = anAttempt({ rateLimit: 2 });
    await admitAll([attempt, attempt, attempt]);
    expect(await stores[0].admit(anAttempt({ rateLimit: 2 }))).toBe('admitted');
  });

  it('does not count requests from a forbidden address, but uses up their signatures', async () => {
    const refused = Array.from({ length: 10 }, () => anAttempt({ counts: false, rateLimit: 1 }));
    expect(tally(await admitAll(refused))).toEqual({ admitted: 10 });
    expect(tally(await admitAll(refused))).toEqual({ signature_used: 10 });
    expect(await stores[0].admit(anAttempt({ rateLimit: 1 }))).toBe('admitted');
  });

  it.each([-300, 0, 300])(
    'never admits a signature stamped %i s from now again, swept or not',
    async (seconds) => {
      const attempt = anAttempt({ timestamp: now + seconds });
      expect(await stores[0].admit(attempt)).toBe('admitted');
      for (let passed = 0; passed <= 30; passed++) {
        await stores[0].sweep();
        const again = { ...attempt, timestamp: attempt.timestamp - 60 * passed };
        const late = seconds - 60 * passed < -330;
        expect(await stores[1].admit(again)).toBe(late ? 'outside_window' : 'signature_used');
        await minutesPass(1);
      }
    },
  );

  // 340, for `now` is cut to whole seconds and the test takes time: what is 331 s ahead at first is within the window soon.
  it.each([-600, -331, 340, 600])(
    'admits nothing stamped %i s from now, however it got here',
    async (seconds) => {
      expect(await stores[0].admit(anAttempt({ timestamp: now + seconds }))).toBe('outside_window');
      expect(await countOf(a.database, 'used_signature')).toBe(0);
    },
  );

  it('waits for no disk, and leaves the durability of all that follows as it is', async () => {
    await setFsync(postgres.url('postgres'), 'on');
    const one = await Database.open({ url, name: 'one connection', poolSize: 1 });
    const store = new AdmissionStore(one);
    const syncs = async (): Promise<number> => {
      await one.query('SELECT pg_stat_force_next_flush()');
      const [row] = await one.query<{ syncs: number }>(
        `SELECT sum(fsyncs)::int AS syncs FROM pg_stat_get_backend_io(pg_backend_pid()) WHERE object = 'wal'`,
      );
      return row?.syncs ?? 0;
    };
    try {
      await one.query(`DELETE FROM used_signature`);
      const before = await syncs();

      for (let n = 0; n < 20; n++) expect(await store.admit(anAttempt())).toBe('admitted');

      expect(await syncs()).toBe(before);
      await eventually(async () => {
        await one.query(`UPDATE used_signature SET minute = minute`);
        expect(await syncs()).toBeGreaterThan(before);
      });
    } finally {
      await one.close();
      await setFsync(postgres.url('postgres'), 'off');
    }
  });

  it('forgets what can no longer matter', async () => {
    await admitAll([anAttempt(), anAttempt({ timestamp: now + 300 })]);
    await minutesPass(5 + 16 + 2);
    await stores[0].sweep();
    expect([
      await countOf(a.database, 'used_signature'),
      await countOf(a.database, 'rate_window'),
    ]).toEqual([0, 0]);
  });

  it('refuses everybody while the database is away', async () => {
    const gone = await givenInstance(await postgres.createDatabase('gone'));
    const store = new AdmissionStore(gone.service);
    await gone.close();
    await expect(store.admit(anAttempt())).rejects.toThrow();
  });

  it('leaves of a key’s counts the minute in which it was last used, whoever sweeps, and never takes it back', async () => {
    const lastUses = () =>
      a.database.query('SELECT key_id, last_used_at FROM api_key_use ORDER BY key_id');
    await admitAll([anAttempt(), anAttempt(), anAttempt({ keyId: 'ck_2' })]);
    const [minute] = await a.database.query<{ at: Date }>(
      `SELECT to_timestamp((max(minute) - 2) * 60.0) AS at FROM rate_window WHERE key_id = 'ck_1'`,
    );
    await Promise.all(stores.map((store) => store.sweep()));
    expect(await lastUses()).toEqual([]); // it still counts

    await minutesPass(2);
    await Promise.all(stores.map((store) => store.sweep()));
    await a.database.query(`INSERT INTO rate_window VALUES ('ck_1', 5, 1)`);
    await stores[0].sweep();

    expect(await lastUses()).toMatchObject([
      { key_id: 'ck_1', last_used_at: minute?.at },
      { key_id: 'ck_2', last_used_at: expect.any(Date) },
    ]);
  });

  it('counts no use for a request from a forbidden address', async () => {
    await admitAll([anAttempt({ keyId: 'ck_3', counts: false })]);
    await minutesPass(2);
    await stores[0].sweep();
    expect(await countOf(a.database, 'api_key_use')).toBe(0);
  });
});

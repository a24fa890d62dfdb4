import { randomUUIDv7 } from 'node:crypto';
import { checkInvariants } from '../postgres/check-invariants.js';
import {
  capture,
  commandOf,
  fund,
  givenAccount,
  givenLedger,
  place,
  valueOf,
  venueFee,
  type TestLedger,
} from '../testkit/given-ledger.js';
import { foldSharedSums, SHARED_NOW, sharedAt } from './shared-balances.js';

const CLEARING = 'clearing:gateio';

describe('the balance of a shared account', () => {
  let ledger: TestLedger;
  let accountId: string;
  beforeEach(async () => {
    ledger = await givenLedger();
    accountId = await givenAccount(ledger, '1000');
  });
  afterEach(() => ledger.close());

  const now = async (account = CLEARING) =>
    (await ledger.queries.sharedBalances(account)).balances[0]?.posted;
  const lag = async () => (await ledger.queries.sharedBalances(CLEARING)).unfolded;
  const at = async (time: string, by: 'recorded' | 'effective' = 'recorded') =>
    valueOf(await ledger.queries.balancesAt(CLEARING, time, by))[0]?.posted ?? 'none';
  const pay = async (amount: string, time?: Date) => {
    const hold = place(accountId, amount, randomUUIDv7());
    const step = [hold, capture(hold, amount)];
    await (time ? ledger.runAt(time, ...step) : ledger.run(...step));
    return hold;
  };
  const violations = async () =>
    (await checkInvariants((sql, params) => ledger.database.query(sql, params))).violations;

  it('is exact before it is folded, while it is, and after', async () => {
    await pay('10');
    await ledger.run(venueFee(await pay('5'), '0.5'));
    expect([await now(), await lag()]).toEqual(['15.5', 5]);

    expect(await foldSharedSums(ledger.service)).toBe(false);
    expect([await now(), await lag()]).toEqual(['15.5', 0]);

    await pay('2');
    expect([await now(), await lag()]).toEqual(['17.5', 1]);
    await foldSharedSums(ledger.service);
    expect(await now()).toBe('17.5');
    expect(await violations()).toEqual([]);
  });

  it('costs one row for a batch, however many it pays', async () => {
    const holds = Array.from({ length: 20 }, () => place(accountId, '1'));
    await ledger.run(...holds);
    await foldSharedSums(ledger.service);

    await ledger.run(...holds.map((hold) => capture(hold, '1')));

    expect([await now(), await lag()]).toEqual(['20', 1]);
  });

  it('never loses what commits late, whatever was folded meanwhile', async () => {
    const hold = place(accountId, '7');
    await ledger.run(hold);
    let commit = (): void => undefined;
    let written = (): void => undefined;
    const waits = new Promise<void>((resolve) => (commit = resolve));
    const isWritten = new Promise<void>((resolve) => (written = resolve));
    const late = ledger.unitOfWork.run(async (tx) => {
      await tx.query(
        `INSERT INTO shared_sum (account, asset, amount, recorded_at, effective_at) VALUES ($1, 'USDT.ETH', 100, now(), now())`,
        [CLEARING],
      );
      written();
      await waits;
    });
    await isWritten;
    const other = await givenAccount(ledger, '50');
    const quick = place(other, '3');
    await ledger.run(quick, capture(quick, '3'));

    await foldSharedSums(ledger.service);
    expect(await now()).toBe('3');
    commit();
    await late;

    expect([await now(), await lag()]).toEqual(['103', 1]);
    await foldSharedSums(ledger.service);
    expect([await now(), await lag()]).toEqual(['103', 0]);
  });

  it('is folded once by several instances, under load', async () => {
    const second = await givenAccount(ledger, '1000');
    const pays = Array.from({ length: 30 }, (_, n) => {
      const hold = place(n % 2 ? accountId : second, '1');
      return ledger.applyCommands.apply([commandOf(hold), commandOf(capture(hold, '1'))]);
    });
    const folds = Array.from({ length: 10 }, () => foldSharedSums(ledger.service));

    await Promise.all([...pays, ...folds]);
    await foldSharedSums(ledger.service);

    expect([await now(), await lag()]).toEqual(['30', 0]);
    expect(await violations()).toEqual([]);
  });

  it.each([[false], [true]])(
    'is exact at each past moment, by either time (folded: %s)',
    async (folded) => {
      const times = [
        '2026-11-01T10:00:00.000Z',
        '2026-11-01T23:59:59.999Z',
        '2026-11-02T00:00:00.000Z',
        '2026-11-05T12:00:00.000Z',
      ];
      for (const time of times) await pay('10', new Date(time));
      const early = place(accountId, '5');
      await ledger.run(early, {
        ...capture(early, '5'),
        data: { ...capture(early, '5').data, effectiveAt: '2026-11-01T12:00:00.000Z' },
      });
      if (folded) await foldSharedSums(ledger.service);

      expect(
        await Promise.all(['2026-11-01T09:59:59.999Z', ...times].map((time) => at(time))),
      ).toEqual(['none', '10', '20', '30', '40']);
      expect(await Promise.all(times.map((time) => at(time, 'effective')))).toEqual([
        '10',
        '25',
        '35',
        '45',
      ]);
      expect([
        await at('2999-01-01T00:00:00.000Z'),
        await at('2999-01-01T00:00:00.000Z', 'effective'),
        await now(),
      ]).toEqual(['45', '45', '45']);
    },
  );

  it('reads no posting and nothing that is folded, by the plan of the database itself', async () => {
    await ledger.database.query(
      `INSERT INTO shared_sum (account, asset, amount, recorded_at, effective_at, folded)
       SELECT 'clearing:gateio', 'USDT.ETH', 1, t, t, n > 20 FROM generate_series(1, 50000) AS n, LATERAL (SELECT now() - n * interval '1 minute' AS t)`,
    );
    await ledger.database.query('ANALYZE shared_sum');
    const plan = async (sql: string, params: string[]) =>
      JSON.stringify(await ledger.database.query(`EXPLAIN (FORMAT JSON) ${sql}`, params));

    for (const text of [
      await plan(SHARED_NOW, [CLEARING]),
      await plan(sharedAt('recorded'), [CLEARING, new Date().toISOString(), 'recorded']),
      await plan(sharedAt('effective'), [CLEARING, new Date().toISOString(), 'effective']),
    ]) {
      expect(text).toContain('shared_unfolded');
      expect(text).not.toMatch(
        /posting|journal_entry|"Seq Scan","Parent Relationship":"[a-zA-Z]+","Parallel Aware":false,"Async Capable":false,"Relation Name":"shared_sum"/,
      );
    }
    expect(await plan(SHARED_NOW, [CLEARING])).not.toMatch(/shared_by_/);
  });

  it('is answered for funding and fees, each in its own account', async () => {
    await ledger.run(fund(accountId, '5', 'more'));
    const hold = place(accountId, '10');
    await ledger.run(hold, capture(hold, '8', '2'));

    expect([await now('funding'), await now('fee-income'), await now('suspense')]).toEqual([
      '-1005',
      '2',
      undefined,
    ]);
  });
});

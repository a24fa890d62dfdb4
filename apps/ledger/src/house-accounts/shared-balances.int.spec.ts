import { randomUUIDv7 } from 'node:crypto';
import { ApplyCommands } from '../commands/apply-commands.js';
import { chainShardOf } from '../hash-chain/chain-digest.js';
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
import { rulesWith, SECRETS } from '../testkit/test-authority.js';
import { foldSharedSums, SHARED_ACCOUNTS, SHARED_NOW, sharedAt } from './shared-balances.js';

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
  const fold = async () => void (await foldSharedSums(ledger.service));
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
    await fold();
    await pay('10');
    await ledger.run(venueFee(await pay('5'), '0.5'));
    expect([await now(), await lag()]).toEqual(['15.5', 3]);

    expect(await foldSharedSums(ledger.service)).toBe(false);
    expect([await now(), await lag()]).toEqual(['15.5', 0]);

    await pay('2');
    expect([await now(), await lag()]).toEqual(['17.5', 1]);
    await fold();
    expect(await now()).toBe('17.5');
    expect(await violations()).toEqual([]);
  });

  it('costs a booking no row, however many it pays', async () => {
    await fold();
    const rows = () =>
      ledger.database.query(
        `SELECT (SELECT array_agg(m ORDER BY m) FROM shared_minute m) AS minutes, (SELECT array_agg(d ORDER BY d) FROM shared_day d) AS days, (SELECT array_agg(p ORDER BY p) FROM shared_position p) AS positions`,
      );
    const before = await rows();
    const holds = Array.from({ length: 20 }, () => place(accountId, '1'));
    await ledger.run(...holds);

    await ledger.run(...holds.map((hold) => capture(hold, '1')));

    expect([await now(), await lag()]).toEqual(['20', 20]);
    expect(await rows()).toEqual(before);
  });

  it('never loses what commits late, whatever was folded meanwhile', async () => {
    let other = accountId;
    while (chainShardOf(other) === chainShardOf(accountId))
      other = await givenAccount(ledger, '50');
    const [late, quick] = [place(accountId, '100'), place(other, '3')];
    await ledger.run(late, quick);
    await fold();
    let commit = (): void => undefined;
    let written = (): void => undefined;
    const waits = new Promise<void>((resolve) => (commit = resolve));
    const isWritten = new Promise<void>((resolve) => (written = resolve));
    const running = new ApplyCommands(
      {
        run: (work) =>
          ledger.unitOfWork.run(async (tx) => {
            const answer = await work(tx);
            written();
            await waits;
            return answer;
          }),
      },
      { now: () => new Date(), newId: randomUUIDv7 },
      rulesWith(),
      SECRETS.keys,
    ).apply([commandOf(capture(late, '100'))]);
    await isWritten;
    await ledger.run(capture(quick, '3'));

    await fold();
    expect(await now()).toBe('3');
    commit();
    await running;

    expect([await now(), await lag()]).toEqual(['103', 1]);
    await fold();
    expect([await now(), await lag()]).toEqual(['103', 0]);
    expect(await violations()).toEqual([]);
  });

  it('is folded once by several instances, under load', async () => {
    const second = await givenAccount(ledger, '1000');
    const pays = Array.from({ length: 30 }, (_, n) => {
      const hold = place(n % 2 ? accountId : second, '1');
      return ledger.applyCommands.apply([commandOf(hold), commandOf(capture(hold, '1'))]);
    });
    const folds = Array.from({ length: 10 }, () => foldSharedSums(ledger.service));

    await Promise.all([...pays, ...folds]);
    await fold();

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
      if (folded) await fold();

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

  it('reads the postings of unfolded entries and of its minute alone, by indexes', async () => {
    await ledger.database.query(
      `INSERT INTO journal_entry (id, kind, account_id, reference, recorded_at, accounts, assets, amounts, shard, sequence, key_id, mac)
       SELECT uuidv7(), 'funding', gen_random_uuid(), n::text, now() - (40000 - n) * interval '1 minute', '{suspense,funding}', '{B.B,B.B}', '{1,-1}', -1, n, '', '' FROM generate_series(1, 40000) AS n`,
    );
    await ledger.database.query('VACUUM (ANALYZE) journal_entry');
    const time = new Date(Date.now() - 86_400_000).toISOString();
    const plans = await ledger.database.withClient(async (client) => {
      await client.query('SET enable_seqscan = off');
      const texts: string[] = [];
      for (const [sql, params] of [
        [SHARED_ACCOUNTS, []],
        [SHARED_NOW, [CLEARING]],
        [sharedAt('recorded'), [CLEARING, time, 'recorded']],
        [sharedAt('effective'), [CLEARING, time, 'effective']],
      ] as const) {
        const { rows } = await client.query<object>(`EXPLAIN (FORMAT JSON) ${sql}`, [...params]);
        texts.push(JSON.stringify(rows));
      }
      await client.query('RESET enable_seqscan');
      return texts;
    });

    for (const text of plans) {
      expect(text).toContain('shard_sequence_idx');
      expect(text).not.toMatch(
        /"Seq Scan"[^}]*"Relation Name":"(journal_entry|shared_(day|minute))/,
      );
    }
    const byTime = plans.map((text) => /"(Index|Recheck) Cond":"\(\(recorded_at >= /.test(text));
    expect(byTime).toEqual([false, false, true, true]);
  });

  it('has its name in the list once, folded or not', async () => {
    expect(await ledger.queries.sharedAccounts()).toEqual(['funding']);
    await fold();
    const hold = place(accountId, '10');

    await ledger.run(hold, capture(hold, '8', '2'));
    await ledger.run(fund(accountId, '5', 'more'));

    const names = [CLEARING, 'fee-income', 'funding'];
    expect(await ledger.queries.sharedAccounts()).toEqual(names);
    await fold();
    expect(await ledger.queries.sharedAccounts()).toEqual(names);
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

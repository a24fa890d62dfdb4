import { givenLedgerApp } from '../testkit/given-ledger-app.js';
import { letPostingsChange } from '../testkit/writable-postings.js';
import { fund, givenAccount, givenLedger, type TestLedger } from '../testkit/given-ledger.js';

const NINES = '9'.repeat(38);

describe('an amount beyond what messages carry', () => {
  let ledger: TestLedger;
  let app: Awaited<ReturnType<typeof givenLedgerApp>>;
  let accountId: string;
  beforeEach(async () => {
    ledger = await givenLedger();
    accountId = await givenAccount(ledger, '100');
    app = await givenLedgerApp(ledger);
  });
  afterEach(async () => {
    await app.close();
    await ledger.close();
  });

  const fundBy = (amount: string) =>
    app.ask('POST', `/internal/accounts/${accountId}/fundings`, {
      asset: 'USDT.ETH',
      amount,
      reference: `of ${amount.length} digits`,
      evidence: 'e',
    });

  it('is refused at the door of operators', async () => {
    expect(await fundBy(NINES)).toEqual({
      status: 422,
      body: {
        success: false,
        message:
          'amount: Input should be a decimal string with at most 24 digits before the point and 30 after it',
      },
    });
  });

  it('comes about by no two fundings that are each small enough', async () => {
    const [decision] = await ledger.run(fund(accountId, '9'.repeat(24), 'much'));

    expect(decision?.refusal).toEqual({ kind: 'balance_too_large' });
    expect(await fundBy('9'.repeat(24))).toMatchObject({
      status: 422,
      body: { message: 'The balance would be more than can be kept' },
    });
    expect(await ledger.balance(accountId)).toBe('0 of 100');
  });

  it.each([
    [
      'posting',
      `INSERT INTO journal_entry (id, kind, account_id, reference, recorded_at, accounts, assets, amounts, shard, sequence, key_id, mac)
       VALUES (uuidv7(), 'funding', uuidv7(), 'r', now(), '{suspense,funding}', '{BTC.BTC,BTC.BTC}', '{1e24,-1e24}', 0, 1, '', '')`,
    ],
    ['balance', `UPDATE balance SET posted = '1e24'`],
    ['balance', `UPDATE balance SET posted = 'NaN'`],
    [
      'hold',
      `INSERT INTO hold (withdrawal_id, account_id, asset, amount, state, decided_at, policy_version, payout, end_lock)
       VALUES (uuidv7(), uuidv7(), 'USDT.ETH', 'Infinity', 'placed', now(), 0, 1, 'any')`,
    ],
    [
      'shared_day',
      `INSERT INTO shared_day (account, by, day, asset, sum) VALUES ('funding', 'recorded', now(), 'USDT.ETH', '-1e36')`,
    ],
    [
      'shared_minute',
      `INSERT INTO shared_minute (account, by, minute, asset, sum) VALUES ('funding', 'recorded', now(), 'USDT.ETH', 'NaN')`,
    ],
  ])('is refused by the table %s itself: %s', async (table, sql) => {
    await expect(ledger.database.query(sql)).rejects.toThrow(`${table}_in_bounds`);
  });

  it.each([NINES, `1${'0'.repeat(80)}`, 'NaN'])(
    'planted by whoever takes the bounds away blinds nobody: %s',
    async (amount) => {
      const other = await givenAccount(ledger, '7');
      await plant(amount);

      for (const [method, url] of [
        ['GET', '/internal/invariants'],
        ['POST', '/internal/proof'],
        ['GET', '/internal/shared-accounts/funding/balances'],
        ['GET', `/internal/accounts/${accountId}/balances`],
        ['GET', `/internal/accounts/${accountId}/statement`],
      ] as const)
        expect([
          url,
          (await app.ask(method, url, method === 'POST' ? {} : undefined)).status,
        ]).toEqual([url, 200]);
      const { body } = await app.ask('POST', '/internal/proof', {});
      expect(body.data).toMatchObject({
        proven: false,
        book: {
          violations: expect.arrayContaining([
            { invariant: expect.stringContaining('each-entry-balances'), rows: expect.anything() },
          ]),
        },
      });
      expect(await ledger.balance(other)).toBe('0 of 7');
    },
  );

  /** A third line of the account's first entry, and a balance to fit. */
  async function plant(amount: string): Promise<void> {
    await ledger.database.withClient(async (client) => {
      await client.query('SET session_replication_role = replica');
      for (const table of ['balance', 'shared_day'])
        await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${table}_in_bounds`);
      await client.query('ALTER TABLE journal_entry DROP CONSTRAINT posting_in_bounds');
      await letPostingsChange(client);
      await client.query(
        `INSERT INTO posting SELECT entry_id, line + 2, account, asset, $1 FROM posting
          WHERE entry_id = (SELECT id FROM journal_entry WHERE account_id = $2)`,
        [amount, accountId],
      );
      await client.query('UPDATE balance SET posted = $1 WHERE account_id = $2', [
        amount,
        accountId,
      ]);
      await client.query('UPDATE shared_day SET sum = $1', [amount]);
      await client.query('RESET session_replication_role');
    });
  }
});

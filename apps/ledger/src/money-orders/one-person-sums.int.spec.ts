import { givenAccount, givenLedger, type TestLedger } from '../testkit/given-ledger.js';
import { givenLedgerApp } from '../testkit/given-ledger-app.js';

describe('what one person moves alone', () => {
  let ledger: TestLedger;
  let app: Awaited<ReturnType<typeof givenLedgerApp>>;
  let accounts: readonly [string, string];
  beforeEach(async () => {
    ledger = await givenLedger();
    app = await givenLedgerApp(ledger);
    accounts = [await givenAccount(ledger, '100'), await givenAccount(ledger, '100')];
    await ledger.ageAccounts();
  });
  afterEach(async () => {
    await app.close();
    await ledger.close();
  });

  const post = (person: string, path: string, body?: object) =>
    app.ask('POST', `/internal/${path}`, body, app.issuer.tokenOf(person));
  const fund = (person: string, amount: string, reference: string, account = accounts[0]) =>
    post(person, `accounts/${account}/fundings`, {
      asset: 'USDT.ETH',
      amount,
      reference,
      evidence: 'e',
    });
  /** Makes the earlier orders older, as if they had been placed before. */
  const age = async (interval: string) => {
    await ledger.database.query('ALTER TABLE money_order DISABLE TRIGGER journal_only_grows');
    await ledger.database.query('UPDATE money_order SET ordered_at = ordered_at - $1::interval', [
      interval,
    ]);
    await ledger.database.query('ALTER TABLE money_order ENABLE TRIGGER journal_only_grows');
  };

  it('is not five fundings of a new account: each takes a second person, and nothing is credited', async () => {
    const account = await givenAccount(ledger, '0.01');
    for (const reference of ['1', '2', '3', '4', '5']) {
      const asked = await fund('ada', '1000000', reference, account);
      expect(asked).toMatchObject({ status: 202 });
      expect(asked.body.data).toMatchObject({
        code: 'account_younger_than_a_day',
        message: expect.stringMatching(/^Account .* was opened at .* takes two people until /),
      });
    }
    expect((await fund('ada', '0.01', 'little', account)).status).toBe(202);

    expect(await ledger.balance(account)).toBe('0 of 0.01');
  });

  it('ends at the limit of a call, also for an old account', async () => {
    expect((await fund('ada', '100000', 'a call')).status).toBe(200);
    expect((await fund('ada', '100000.01', 'more')).body.data).toMatchObject({
      code: 'above_one_person_limit',
      message: expect.stringContaining('at most 100000 EUR per call'),
    });
  });

  it('never exceeds the limit of an hour by 50 calls at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, at) => fund('ada', '99999', `at once ${at}`)),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(48);
    expect(await ledger.balance(accounts[0])).toBe('0 of 200098');
  });

  it('counts over accounts, transfers and reversals, and another person has their own sum', async () => {
    const funded = await fund('ada', '90000', '1');
    const path = `accounts/${accounts[0]}/entries/${funded.body.data.entry_id}/reversal`;
    const token = app.issuer.tokenOf('ADA', { roles: ['administer'] });
    const reversed = await app.ask('POST', `/internal/${path}`, { reason: 'a mistake' }, token);
    expect(reversed.status).toBe(200);

    const refused = await fund('ada', '90000', '2', accounts[1]);
    expect(refused.body.data).toMatchObject({
      code: 'above_one_person_limit',
      message: expect.stringMatching(
        /90000 EUR, after 180000 EUR by this person within an hour. The limit is 200000 EUR \(person_hour\). The oldest of these orders leaves the sum at 20/,
      ),
    });
    expect((await fund('demo', '90000', '3', accounts[1])).status).toBe(200);
    expect((await fund('demo', '90000', '4')).body.data).toMatchObject({
      message: expect.stringContaining('(account_hour)'),
    });
  });

  it('has no boundary at which two limits fit: the hour and the day roll', async () => {
    await fund('ada', '100000', '1');
    await age('59 minutes');
    await fund('ada', '100000', '2');
    expect((await fund('ada', '1', '3')).status).toBe(202);

    await age('2 minutes');
    expect((await fund('ada', '100000', '4')).status).toBe(200);
    await age('22 hours');
    expect((await fund('ada', '100000', '5')).status).toBe(200);
    expect((await fund('ada', '100000', '6')).status).toBe(200);
    expect((await fund('ada', '1', '7')).body.data).toMatchObject({
      message: expect.stringContaining('(person_hour)'),
    });
    await age('1 hour');
    expect((await fund('ada', '1', '8')).status).toBe(200);
  });

  it('does not include what two people have approved', async () => {
    const asked = await fund('ada', '150000', 'large');
    expect((await post('peter', `approvals/${asked.body.data.approval_id}`)).status).toBe(200);

    expect((await fund('ada', '100000', '1')).status).toBe(200);
    expect((await fund('demo', '100000', '2', accounts[1])).status).toBe(200);
  });
});

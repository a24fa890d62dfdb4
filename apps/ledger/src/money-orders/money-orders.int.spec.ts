import { givenAccount, givenLedger, ORDER, type TestLedger } from '../testkit/given-ledger.js';
import { givenLedgerApp } from '../testkit/given-ledger-app.js';

const FUNDING = {
  asset: 'USDT.ETH',
  amount: '5',
  reference: 'deposit 1',
  evidence: 'statement 4, line 2',
};
const MUCH = { ...FUNDING, amount: '1000000.01', reference: 'much' };

describe('money', () => {
  let ledger: TestLedger;
  let app: Awaited<ReturnType<typeof givenLedgerApp>>;
  let accountId: string;
  beforeEach(async () => {
    ledger = await givenLedger();
    app = await givenLedgerApp(ledger);
    accountId = await givenAccount(ledger, '100');
    await ledger.ageAccounts();
  });
  afterEach(async () => {
    await app.close();
    await ledger.close();
  });

  const post = (person: string, path: string, body?: object) =>
    app.ask('POST', `/internal/${path}`, body, app.issuer.tokenOf(person));
  const fund = (person: string, body: object = FUNDING) =>
    post(person, `accounts/${accountId}/fundings`, body);
  const orderOf = async (entryId: string) =>
    (await app.ask('GET', `/internal/entries/${entryId}`)).body.data.order as object | null;
  const orders = () => ledger.database.query('SELECT FROM money_order');

  it('that comes in, is moved and is taken back has on record who ordered it, and what that rests on', async () => {
    const funded = (await fund('ada')).body.data.entry_id;
    const transfer = {
      from: `customer:${accountId}`,
      to: 'suspense',
      asset: 'USDT.ETH',
      amount: '3',
      reference: 't1',
      evidence: 'ticket 7',
    };
    const moved = (await post('demo', `accounts/${accountId}/transfers`, transfer)).body.data;
    const path = `accounts/${accountId}/entries/${moved.entry_id}/reversal`;
    const reversed = (await post('ada', path, { reason: 'the wrong account' })).body.data;

    const ordered = { approved_by: null, ordered_at: expect.any(String) };
    expect(await orderOf(funded)).toEqual({
      ...ordered,
      ordered_by: 'ada',
      evidence: FUNDING.evidence,
    });
    expect(await orderOf(moved.entry_id)).toMatchObject({
      ordered_by: 'demo',
      evidence: 'ticket 7',
    });
    expect(await orderOf(reversed.entry_id)).toMatchObject({
      ordered_by: 'ada',
      evidence: 'the wrong account',
    });
  });

  it('that is asked for again keeps its first order', async () => {
    const [first, again] = [await fund('ada'), await fund('demo')];

    expect(again).toEqual(first);
    expect(await orderOf(first.body.data.entry_id)).toMatchObject({ ordered_by: 'ada' });
  });

  it('above the limit of one person is booked when another one has said the same', async () => {
    const asked = await fund('ada', MUCH);
    expect(asked).toMatchObject({
      status: 202,
      body: {
        data: {
          awaits: 'a second person with the role approve',
          code: 'above_one_person_limit',
          message:
            'The order moves 1000000.01 USDT. One person may move at most 1000000 USDT per call.',
        },
      },
    });
    expect(await ledger.balance(accountId)).toBe('0 of 100');

    const path = `approvals/${asked.body.data.approval_id}`;
    expect((await post('ada', path)).status).toBe(403);
    const { result } = (await post('peter', path)).body.data;

    expect(await ledger.balance(accountId)).toBe('0 of 1000100.01');
    expect(await orderOf(result.entry_id)).toMatchObject({
      ordered_by: 'ada',
      approved_by: 'peter',
    });
    expect((await fund('ada', MUCH)).body.data).toEqual(result); // booked before: nobody is asked again
    expect((await post('peter', path)).status).toBe(409);
  });

  it.each([
    ['of another content', { ...MUCH, amount: '2000000' }],
    ['on other evidence', { ...MUCH, evidence: 'another line' }],
  ])('above the limit %s awaits a second person anew', async (_what, body) => {
    const first = (await fund('ada', MUCH)).body.data.approval_id;

    expect((await fund('demo', body)).status).toBe(202);
    expect((await post('peter', `approvals/${first}`)).status).toBe(409);
    expect(await ledger.balance(accountId)).toBe('0 of 100');
  });

  it('above the limit that the book refuses is refused to the first person, and awaits nobody', async () => {
    const from = { from: `customer:${accountId}`, to: 'suspense' };

    expect(
      (await post('ada', `accounts/${accountId}/transfers`, { ...MUCH, ...from })).body,
    ).toEqual({ success: false, message: 'Insufficient funds' });
    expect((await app.ask('GET', '/internal/approvals')).body.data).toEqual([]);
  });

  it('above the limit is taken back by two people as well', async () => {
    const asked = (await fund('ada', MUCH)).body.data.approval_id;
    const { result } = (await post('peter', `approvals/${asked}`)).body.data;
    const path = `accounts/${accountId}/entries/${result.entry_id}/reversal`;

    expect((await post('ada', path, { reason: 'a mistake' })).status).toBe(202);
    expect(await ledger.balance(accountId)).toBe('0 of 1000100.01');
  });

  it('that two people have asked for at once is booked once', async () => {
    const { approval_id: id } = (await fund('ada', MUCH)).body.data;
    const answers = await Promise.all(
      ['peter', 'demo', 'peter', 'demo'].map((person) => post(person, `approvals/${id}`)),
    );

    expect(answers.map(({ status }) => status).includes(200)).toBe(true);
    expect(await ledger.balance(accountId)).toBe('0 of 1000100.01');
    expect(await orders()).toHaveLength(2); // with the one of the account's first deposit
  });

  it.each([
    [`UPDATE money_order SET ordered_by = 'x'`, '42501'],
    ['DELETE FROM money_order', '42501'],
    ['INSERT INTO money_orders_begin VALUES (now())', '42501'],
  ])('has orders that only grow: %s', async (sql, code) => {
    await expect(ledger.service.query(sql)).rejects.toMatchObject({ code });
    await expect(ledger.database.query(sql)).rejects.toMatchObject({
      code: expect.stringMatching(/42501|23505/),
    });
  });

  it.each([
    [{ approvedBy: 'OLIVIA' }, 'ordered_by_two_people'],
    [{ evidence: '' }, 'money_order_evidence_check'],
    [{ orderedBy: '' }, 'money_order_ordered_by_check'],
  ])('has no order that says %j', async (change, constraint) => {
    const { orderedBy, approvedBy, evidence } = { ...ORDER, ...change };

    await expect(
      ledger.service.query(
        'INSERT INTO money_order (entry_id, ordered_by, approved_by, evidence) VALUES (gen_random_uuid(), $1, $2, $3)',
        [orderedBy, approvedBy, evidence],
      ),
    ).rejects.toMatchObject({ constraint });
  });

  it('shows its evidence on no event', async () => {
    await fund('ada');
    const messages = ledger.messages().map(({ value }) => value);

    expect(messages.some((value) => value.includes('deposit 1'))).toBe(true);
    expect(messages.join()).not.toContain(FUNDING.evidence);
  });
});

import { testDatabase } from '@sluice/test-servers';
import { givenApi, givenLedgerApi, type ApiAnswer, type TestApi } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';

const MONEY = {
  currency: 'USDT',
  network: 'ETH',
  posted: '100000',
  held: '0',
  available: '100000',
};
const WITHDRAW = { permissions: ['withdraw'], any_address: true };

describe('a key by one person', () => {
  let ledger: Awaited<ReturnType<typeof givenLedgerApi>>;
  let api: TestApi;
  let accountId: string;
  let balances: readonly object[];
  beforeAll(async () => {
    ledger = await givenLedgerApi(() => balances);
    api = await givenApi(await testDatabase('intake'), { LEDGER_URL: ledger.url });
  });
  beforeEach(async () => {
    balances = [];
    accountId = await givenAccount(api.database);
  });
  afterAll(() => Promise.all([api.close(), ledger.close()]));

  const post = (person: string, target: string, body: object = {}): Promise<ApiAnswer> =>
    api.post(`/internal/${target}`, body, { person });
  const create = (person: string, body: object = WITHDRAW) =>
    post(person, `accounts/${accountId}/keys`, body);
  const keys = () =>
    api.database.query('SELECT key_id, generation FROM api_key WHERE account_id = $1', [accountId]);

  it('of an account with money is none, until a second person approves it', async () => {
    balances = [MONEY];
    const asked = await create('ada');

    expect(asked).toMatchObject({
      status: 202,
      body: {
        data: {
          code: 'key_of_account_with_money',
          message: `Account ${accountId} has or had money: a key that may withdraw, manage webhooks or manage addresses takes two people.`,
        },
      },
    });
    expect(await keys()).toEqual([]);

    const path = `approvals/${String(asked.body.data['approval_id'])}`;
    expect((await post('ada', path)).status).toBe(403);
    const approved = await post('peter', path);
    const result = approved.body.data['result'] as { key_id: string; secret: string };
    const key = { keyId: result.key_id, secret: result.secret };
    expect((await api.send({ target: '/v1/_ping', key })).status).toBe(200);
    expect((await post('peter', path)).status).toBe(409);
    expect(await keys()).toHaveLength(1);
  });

  it('of an account that had money, and of a ledger that does not answer, takes two people', async () => {
    balances = [{ ...MONEY, posted: '0', available: '0' }];
    expect((await create('ada')).status).toBe(202);

    const alone = await givenApi(await testDatabase('alone'));
    accountId = await givenAccount(alone.database);
    const asked = await alone.post(`/internal/accounts/${accountId}/keys`, WITHDRAW);
    await alone.close();
    expect(asked).toMatchObject({
      status: 202,
      body: { data: { message: expect.stringContaining('did not show the balances') } },
    });
  });

  it('is the first key of an account without money, and no other', async () => {
    const both = await Promise.all([create('ada'), create('demo', { ...WITHDRAW, label: 'b' })]);

    expect(both.map(({ status }) => status).sort()).toEqual([200, 202]);
    expect((await create('ada', { permissions: ['manage_webhooks'] })).body.data).toMatchObject({
      code: 'further_key_of_account',
    });
  });

  it('is a key that only reads, also of an account with money', async () => {
    balances = [MONEY];

    expect((await create('ada', { permissions: ['read_balance'] })).status).toBe(200);
  });

  it('gets no second secret without a second person', async () => {
    const created = await create('ada');
    const path = `keys/${String(created.body.data['key_id'])}/rotate`;

    const asked = await post('ada', path, { overlap_seconds: 60 });
    expect(asked).toMatchObject({ status: 202, body: { data: { code: 'rotation_of_key' } } });
    expect(await keys()).toHaveLength(1);

    const approved = await post('peter', `approvals/${String(asked.body.data['approval_id'])}`);
    const { secret } = approved.body.data['result'] as { secret: string };
    const key = { keyId: String(created.body.data['key_id']), secret };
    expect((await api.send({ target: '/v1/_ping', key })).status).toBe(200);
  });
});

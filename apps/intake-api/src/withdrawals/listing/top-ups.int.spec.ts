import { randomUUID } from 'node:crypto';
import { testDatabase } from '@sluice/test-servers';
import { givenApi, type TestApi } from '../../testkit/given-api.js';
import { countOf, givenAccount } from '../../testkit/given-intake.js';
import { HOT, TANK, tellWallets, toppedUp } from '../../testkit/given-wallet.js';
import { sow } from '../../testkit/given-terms.js';
import { KeepTopUps } from '../saga/events.consumer.js';

const OPERATORS = randomUUID();
const NOBODY = { keyId: '', secret: '' };
const OWN = '0xCB4fc759f5bDaeA9222d5666f7fd15d7Ed5D58Cd';

describe('top-ups among transactions', () => {
  let api: TestApi;
  let accountId: string;
  const keys: Record<'customer' | 'other' | 'operators', { keyId: string; secret: string }> = {
    customer: NOBODY,
    other: NOBODY,
    operators: NOBODY,
  };
  beforeAll(async () => {
    api = await givenApi(await testDatabase('intake'), { OPERATORS_ACCOUNT: OPERATORS });
    accountId = await givenAccount(api.database);
    await api.database.query('INSERT INTO account (id, name) VALUES ($1, $2)', [OPERATORS, 'ours']);
    keys.customer = await api.createKey(accountId, ['list_transactions']);
    keys.other = await api.createKey(await givenAccount(api.database), ['list_transactions']);
    keys.operators = await api.createKey(OPERATORS, ['list_transactions']);
    await tellWallets(api, [
      { network: 'BSC', address: HOT, purpose: 'hot' },
      { network: 'BSC', address: OWN, purpose: 'hot', accountId },
      { network: 'BSC', address: TANK, purpose: 'tank' },
    ]);
  });
  beforeEach(() => api.database.query('DELETE FROM gas_top_up; DELETE FROM withdrawal'));
  afterAll(() => api.close());

  const keep = (...events: readonly ReturnType<typeof toppedUp>[]) =>
    api.app.get(KeepTopUps).take(events);
  const list = async (key: keyof typeof keys, query = '') =>
    JSON.parse(
      (await api.send({ target: `/v1/transactions${query}`, key: keys[key] })).text,
    ) as Listed;

  it('are of the account whose wallet was filled up; those of wallets that pay all, of the operators’ own', async () => {
    await keep(toppedUp({ txHash: '0xa1' }), toppedUp({ txHash: '0xb2', to: OWN.toLowerCase() }));

    expect((await list('operators')).data).toMatchObject([{ tx_hash: '0xa1' }]);
    expect((await list('customer')).data).toMatchObject([{ tx_hash: '0xb2' }]);
    expect((await list('other')).data).toEqual([]);
  });

  it('have the shape of the contract, to the last digit', async () => {
    await keep(toppedUp({ amount: '0.123456789012345678', txHash: '0xc3' }));

    expect(await list('operators', '?direction=gas_topup')).toEqual({
      success: true,
      message: 'OK',
      data_count: 1,
      next_cursor: null,
      has_more: false,
      data: [
        {
          id: expect.any(Number) as number,
          tx_hash: '0xc3',
          direction: 'gas_topup',
          status: 'confirmed',
          currency: 'BNB',
          network: 'BSC',
          from_address: TANK,
          to_address: HOT,
          amount_decimal: '0.123456789012345678',
          confirmations: null,
          block_number: 21034567,
          created_at: '2026-11-22T07:59:00+00:00',
          confirmed_at: '2026-11-22T07:59:00+00:00',
        },
      ],
    });
  });

  it('are kept once, however often they are told', async () => {
    const event = toppedUp();
    await keep(event, event);
    await keep({ ...event, id: randomUUID() });
    await keep();

    expect(await countOf(api.database, 'gas_top_up')).toBe(1);
  });

  it('are listed with withdrawals, newest first, page after page, by each filter', async () => {
    const withdrawal = async () =>
      (
        await sow(api.database, [
          {
            accountId: OPERATORS,
            keyId: 'ck_1',
            state: 'completed',
            currency: 'USDT',
            network: 'ETH',
            venue: 'gateio',
          },
        ])
      )[0];
    const topUp = async (change: Parameters<typeof toppedUp>[0] = {}) => {
      await keep(toppedUp(change));
      const [row] = await api.database.query<{ number: string }>(
        'SELECT max(number)::text AS number FROM gas_top_up',
      );
      return Number(row?.number);
    };
    const ids: (number | undefined)[] = [];
    for (let round = 0; round < 3; round++) ids.unshift(await withdrawal(), await topUp());
    ids.unshift(await topUp({ network: 'ETH', asset: 'ETH.ETH' }));
    const newestFirst = ids.toSorted((one = 0, other = 0) => other - one);
    const idsOf = async (query: string) =>
      (await list('operators', query)).data.map(({ id }) => id);

    const found: number[] = [];
    for (let cursor: number | null = null; ;) {
      const page = await list('operators', `?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
      found.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
      if (cursor === null) break;
    }

    expect(found).toEqual(newestFirst);
    const [onEth] = ids;
    expect(await idsOf('?direction=gas_topup&network=eth')).toEqual([onEth]);
    expect(await idsOf('?direction=gas_topup&currency=BNB')).toHaveLength(3);
    expect(await idsOf('?direction=withdrawal')).toHaveLength(3);
    expect(await idsOf('?status=confirmed')).toEqual(newestFirst);
    for (const none of ['direction=sweep', 'direction=deposit', 'status=pending', 'network=TRX'])
      expect(await idsOf(`?${none}`)).toEqual([]);
  });
});

interface Listed {
  readonly data: readonly { readonly id: number }[];
  readonly next_cursor: number | null;
}

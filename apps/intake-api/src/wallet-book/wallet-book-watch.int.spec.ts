import { randomUUID } from 'node:crypto';
import { NO_WITHDRAWAL } from '@sluice/messages';
import { testDatabase } from '@sluice/test-servers';
import { placeOrder } from '../testkit/given-saga.js';
import { anOrder } from '../testkit/a-withdrawal.js';
import { givenApi, givenLedgerApi, type TestApi } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';
import { KeepWalletCoins, WalletBookWatch, type WalletCoinsEvent } from './wallet-book-watch.js';

describe('chain and book of our own wallet', () => {
  let ledger: Awaited<ReturnType<typeof givenLedgerApi>>;
  let api: TestApi;
  let posted: Readonly<Record<string, string>>;
  let block: number;
  beforeAll(async () => {
    ledger = await givenLedgerApi((target) => {
      const [, account = ''] = /shared-accounts\/([^/]+)\/balances/.exec(target) ?? [];
      const amount = posted[decodeURIComponent(account)];
      const balance = { currency: 'USDT', network: 'ETH', held: '0', available: '0' };
      const balances = amount ? [{ ...balance, asset: 'USDT.ETH', posted: amount }] : [];
      return { balances, unfolded: 0, lag_ms: 0 };
    });
    api = await givenApi(await testDatabase('intake'), { LEDGER_URL: ledger.url });
  });
  beforeEach(async () => {
    posted = { 'hot-wallet:ETH': '-90', 'gas-tank:ETH': '-10' };
    block = 100;
    for (const table of ['outbox', 'withdrawal_case', 'wallet_coin_total', 'halt'])
      await api.database.query(`DELETE FROM ${table}`);
  });
  afterAll(() => Promise.all([api.close(), ledger.close()]));

  /** One count, compared at once. */
  const has = async (total: string, ago = 0) => {
    block += 1;
    const event: WalletCoinsEvent = {
      id: randomUUID(),
      source: 'connector-evm',
      subject: NO_WITHDRAWAL,
      time: '2026-11-22T08:00:00.000Z',
      type: 'venue.wallet-coins.v1',
      data: {
        withdrawalId: NO_WITHDRAWAL,
        venue: 'wallet',
        network: 'ETH',
        asset: 'USDT.ETH',
        total,
        blockNumber: String(block),
        at: new Date((await at()).getTime() + block - ago).toISOString(),
      },
    };
    await api.app.get(KeepWalletCoins).take([event, event]);
    await api.app.get(WalletBookWatch).look(0);
  };
  const at = async () => {
    const [row] = await api.database.query<{ at: Date }>('SELECT clock_timestamp() AS at');
    return row?.at ?? new Date(0);
  };
  const cases = () =>
    api.database.query<{ trigger: string; detail: string }>(
      'SELECT trigger, detail FROM withdrawal_case ORDER BY id',
    );
  const halts = () => api.database.query('SELECT scope, target, reason FROM halt');

  it('agree, to the last digit, both wallets together', async () => {
    await has('100');
    await has('100.000001');
    await has('100');

    expect([await cases(), await halts()]).toEqual([[], []]);
  });

  it('are apart where less is there in two counts in a row: a case, and the wallet is halted, once', async () => {
    await has('99.999999');
    expect(await cases()).toEqual([]);
    await has('99.999999');
    await has('99.9');

    expect(await cases()).toEqual([
      {
        trigger: 'wallet_apart',
        detail:
          'the wallet has 99.999999 USDT.ETH in block 102: 100 is booked, 0 may be in flight, 0.000001 is missing',
      },
    ]);
    expect(await halts()).toEqual([{ scope: 'venue', target: 'wallet', reason: 'wallet_apart' }]);
  });

  it('are not apart for one count, for one that is old, or compared twice', async () => {
    await has('1');
    await api.app.get(WalletBookWatch).look(0);
    await has('100');
    await has('1');
    await has('1', 3_600_000);

    expect(await cases()).toEqual([]);
  });

  it('may be apart by what is in flight, and by no more', async () => {
    const order = anOrder({ accountId: await givenAccount(api.database), venue: 'wallet' });
    const amount = order.amount.toString();
    await placeOrder(api, order);
    const is = (state: string, since: string) =>
      api.database.query(
        'UPDATE withdrawal SET state = $1, updated_at = clock_timestamp() - $2::interval',
        [state, since],
      );
    posted = { 'hot-wallet:ETH': `-${amount}` };
    for (const [state, since] of [
      ['submitting', '4 minutes'],
      ['uncertain', '3 days'],
      ['broadcast', '3 days'],
    ] as const) {
      await is(state, since);
      await has('0');
      await has('0');
    }
    expect(await cases()).toEqual([]);

    posted = { 'hot-wallet:ETH': `-${amount}`, 'gas-tank:ETH': '-0.5' };
    await has('0');
    await has('0');
    expect(await cases()).toHaveLength(1);
  });

  it.each([
    ['waits for its hold', 'requested', '0'],
    ['has waited in the queue of the connector', 'submitting', '6 minutes'],
    ['is proven unpaid', 'releasing', '0'],
  ])('are apart where an order that %s would hide what is missing', async (_w, state, since) => {
    const order = anOrder({ accountId: await givenAccount(api.database), venue: 'wallet' });
    await placeOrder(api, order);
    await api.database.query(
      'UPDATE withdrawal SET state = $1, updated_at = clock_timestamp() - $2::interval',
      [state, since],
    );
    posted = { 'hot-wallet:ETH': '-1' };
    await has('0');
    await has('0');

    expect(await cases()).toMatchObject([{ trigger: 'wallet_apart' }]);
  });
});

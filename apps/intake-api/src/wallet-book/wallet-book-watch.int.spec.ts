import { randomUUID } from 'node:crypto';
import { NO_WITHDRAWAL } from '@sluice/messages';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { anOrder, AUTHORITY, REFERENCES, TO_GATEIO } from '../testkit/a-withdrawal.js';
import { givenApi, givenLedgerApi, type TestApi } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';
import { WithdrawalIntake } from '../withdrawals/requests/place-withdrawal.js';
import { KeepWalletCoins, WalletBookWatch, type WalletCoinsEvent } from './wallet-book-watch.js';

describe('chain and book of our own wallet', () => {
  let postgres: TestPostgres;
  let ledger: Awaited<ReturnType<typeof givenLedgerApi>>;
  let api: TestApi;
  let posted: Readonly<Record<string, string>>;
  let block: number;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    ledger = await givenLedgerApi((target) => {
      const [, account = ''] = /shared-accounts\/([^/]+)\/balances/.exec(target) ?? [];
      const amount = posted[decodeURIComponent(account)];
      const balance = { currency: 'USDT', network: 'ETH', held: '0', available: '0' };
      const balances = amount ? [{ ...balance, asset: 'USDT.ETH', posted: amount }] : [];
      return { balances, unfolded: 0, lag_ms: 0 };
    });
    api = await givenApi(await postgres.createDatabase('intake'), { LEDGER_URL: ledger.url });
  });
  beforeEach(async () => {
    posted = { 'hot-wallet:ETH': '-90', 'gas-tank:ETH': '-10' };
    block = 100;
    for (const table of ['outbox', 'withdrawal_case', 'wallet_coin_total', 'halt'])
      await api.database.query(`DELETE FROM ${table}`);
  });
  afterAll(async () => {
    await api.close();
    await ledger.close();
    await postgres.stop();
  });

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
    await new WithdrawalIntake(api.unitOfWork, REFERENCES, AUTHORITY).place({
      order,
      decimals: 6,
      routing: TO_GATEIO,
    });
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
    await new WithdrawalIntake(api.unitOfWork, REFERENCES, AUTHORITY).place({
      order,
      decimals: 6,
      routing: TO_GATEIO,
    });
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

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase } from '@sluice/test-servers';
import { givenApi, type TestApi } from '../testkit/given-api.js';
import { givenAccount } from '../testkit/given-intake.js';
import {
  giveWalletRoutes,
  HOT,
  TANK,
  tellWallets,
  TOKEN,
  walletsReported,
} from '../testkit/given-wallet.js';
import { KeepWallets } from './known-wallets.js';

const OWN = '0xCB4fc759f5bDaeA9222d5666f7fd15d7Ed5D58Cd';
const SECOND = '0x7B511FC88A916f177E078391B5d1e8bfC86060E4';
const NOT_ALLOCATED =
  'Hot wallet has not been allocated for this network. Enable at least one currency first.';

describe('the addresses that our own wallet pays from', () => {
  let url: string;
  let api: TestApi;
  let accountId: string;
  let key: { keyId: string; secret: string };
  beforeEach(async () => {
    url = await testDatabase(`intake_${randomUUID().slice(0, 8)}`);
    api = await givenApi(url);
    await giveWalletRoutes(api.database);
    accountId = await givenAccount(api.database);
    key = await api.createKey(accountId, ['request_withdrawal_funding_address']);
  });
  afterEach(() => api.close());

  const addressOn = async (network: string, as = key) => {
    const { status, body } = await api.send({
      target: `/v1/hot-wallet-address?network=${network}`,
      key: as,
    });
    return [status, status === 200 ? body.data : body.message];
  };
  const hot = (address: string, change: { network?: string; accountId?: string } = {}) => ({
    network: 'ETH',
    address,
    purpose: 'hot' as const,
    ...change,
  });
  const rows = () =>
    api.database.query(
      'SELECT network, address, retired_at IS NOT NULL AS retired FROM hot_wallet ORDER BY 1, 2',
    );
  const routes = () =>
    api.database.query(
      `SELECT currency || '.' || network AS asset, state FROM route WHERE venue = 'wallet' ORDER BY 1`,
    );

  it('is shown by network in any case, and a tank to nobody', async () => {
    expect(await addressOn('ETH')).toEqual([404, NOT_ALLOCATED]);

    await tellWallets(api, [
      { network: 'ETH', address: TANK, purpose: 'tank' },
      hot(HOT),
      hot(SECOND),
      { network: 'BSC', address: TANK, purpose: 'tank' },
    ]);

    expect(await addressOn('eth')).toEqual([200, { network: 'ETH', address: HOT }]);
    expect(await addressOn('BSC')).toEqual([404, NOT_ALLOCATED]);
    expect(await addressOn('TRX')).toEqual([404, NOT_ALLOCATED]);
    expect(await addressOn('DOGE')).toEqual([404, 'Network not found']);
  });

  it('needs the permission, and a currency of that network that the account may withdraw', async () => {
    await tellWallets(api, [hot(HOT)]);
    const other = await api.createKey(accountId, ['withdraw', 'read_balance']);
    expect(await addressOn('ETH', other)).toEqual([
      403,
      'API key does not have the required permission',
    ]);

    await api.database.query(
      `UPDATE account_currency SET withdrawal_enabled = false WHERE network = 'ETH'`,
    );
    await tellWallets(api, [hot(SECOND)]);
    expect(await addressOn('ETH')).toEqual([404, NOT_ALLOCATED]);
  });

  it('of an account that has one is its own; the others have that of all, or none', async () => {
    const other = await api.createKey(await givenAccount(api.database), [
      'request_withdrawal_funding_address',
    ]);

    await tellWallets(api, [hot(HOT), hot(OWN, { accountId })]);
    expect(await addressOn('ETH')).toEqual([200, { network: 'ETH', address: OWN }]);
    expect(await addressOn('ETH', other)).toEqual([200, { network: 'ETH', address: HOT }]);

    await tellWallets(api, [hot(OWN, { accountId })]);
    expect(await addressOn('ETH')).toEqual([200, { network: 'ETH', address: OWN }]);
    expect(await addressOn('ETH', other)).toEqual([404, NOT_ALLOCATED]);
  });

  it('is what was told last, in the order in which it was told; what was ours once stays known', async () => {
    await tellWallets(api, [hot(HOT), hot(SECOND)]);
    await tellWallets(api, [hot(SECOND), hot(HOT)]);
    expect(await addressOn('ETH')).toEqual([200, { network: 'ETH', address: SECOND }]);

    await tellWallets(api, [hot(HOT)]);
    expect(await addressOn('ETH')).toEqual([200, { network: 'ETH', address: HOT }]);
    expect(await rows()).toEqual([
      { network: 'ETH', address: HOT, retired: false },
      { network: 'ETH', address: SECOND, retired: true },
    ]);

    await tellWallets(api, []);
    expect(await addressOn('ETH')).toEqual([404, NOT_ALLOCATED]);
    await tellWallets(api, [hot(SECOND)]);
    expect(await addressOn('ETH')).toEqual([200, { network: 'ETH', address: SECOND }]);
  });

  it('is told each minute and written when it changes, and then every instance reads it anew', async () => {
    const other = await givenApi(url);
    const reported = [hot(HOT), hot(OWN, { network: 'BSC', accountId })];
    const show = () =>
      other
        .send({ target: '/v1/hot-wallet-address?network=ETH', key })
        .then(({ status }) => status);
    expect(await show()).toBe(404);

    await tellWallets(api, reported, [{ network: 'ETH', currency: 'DAI', address: TOKEN }]);

    while ((await show()) !== 200) await sleep(20);
    const before = await api.database.query(
      'SELECT xmin::text, * FROM hot_wallet ORDER BY network',
    );
    await tellWallets(api, reported, [{ network: 'ETH', currency: 'DAI', address: TOKEN }]);
    expect(
      await api.database.query('SELECT xmin::text, * FROM hot_wallet ORDER BY network'),
    ).toEqual(before);
    expect(await api.database.query('SELECT network, currency, address FROM wallet_token')).toEqual(
      [{ network: 'ETH', currency: 'DAI', address: TOKEN }],
    );
    await other.close();
  });

  it('of several messages of one batch the last counts', async () => {
    await api.app
      .get(KeepWallets)
      .take([walletsReported([hot(HOT)]), walletsReported([hot(SECOND)])]);
    await api.app.get(KeepWallets).take([]);

    expect(await rows()).toEqual([{ network: 'ETH', address: SECOND, retired: false }]);
  });

  it('switches the routes of a network on with its first wallet, and never again', async () => {
    const paused = ['BNB.BSC', 'ETH.ETH', 'USDT.BSC', 'USDT.ETH'];
    expect(await routes()).toEqual(paused.map((asset) => ({ asset, state: 'paused' })));

    await tellWallets(api, [hot(HOT)]);
    const isOn = (asset: string) => asset.endsWith('.ETH');
    expect(await routes()).toEqual(
      paused.map((asset) => ({ asset, state: isOn(asset) ? 'on' : 'paused' })),
    );

    await api.database.query(`UPDATE route SET state = 'paused' WHERE venue = 'wallet'`);
    await tellWallets(api, [hot(HOT), hot(SECOND)]);
    await tellWallets(api, []);
    await tellWallets(api, [hot(OWN)]);
    expect(await routes()).toEqual(paused.map((asset) => ({ asset, state: 'paused' })));
  });
});

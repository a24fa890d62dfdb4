import type { Caller } from '@sluice/http-api';
import { AssetRefresh, SetAsset } from '@sluice/connector-engine';
import { benchFor, happens, types, type ContractOrder } from '@sluice/connector-testing';
import { GATEIO_KIT } from './testing/gateio-kit.js';
import { chainOrder } from './testing/orders.js';

const bench = benchFor(GATEIO_KIT);

const ADA: Caller = { kind: 'person', name: 'ada', roles: ['administer'], client: 'sluice-cli' };
const PETER: Caller = {
  kind: 'person',
  name: 'peter',
  roles: ['operate', 'approve'],
  client: 'sluice-cli',
};
/** Neither the coin nor its chain is built in. */
const PEPE = {
  currency: 'PEPE',
  network: 'BASE',
  code: 'BASEEVM',
  active: true,
  unit_worth_eur: '0.01',
  after_version: null,
};
const COINS = { PEPE: { chains: { BASEEVM: { fee: '30', minimum: '1', decimals: 8 } } } };

type Connector = Awaited<ReturnType<typeof bench.connector>>;

async function add({ app, database }: Connector): Promise<void> {
  await app.get(SetAsset).run(PEPE, ADA);
  await app.get(SetAsset).run(PEPE, PETER);
  await database.withClient(async (client) => {
    await client.query('BEGIN; SET LOCAL session_replication_role = replica');
    await client.query(`UPDATE venue_asset SET recorded_at = recorded_at - interval '15 seconds'`);
    await client.query('COMMIT'); // by now every instance has looked
  });
  await app.get(AssetRefresh).look();
}

describe('an asset that people have added', () => {
  it('is paid on the chain that they named, found again by its record, and stays understood when it is taken away', async () => {
    await bench.simulator.settings({ coins: COINS, balances: { PEPE: '1000000' } });
    const connector = await bench.connector();
    const order: ContractOrder = { ...chainOrder('500.5'), asset: 'PEPE.BASE' };
    await connector.submit([order]);
    expect(types(connector, order)).toEqual(['submission-refused']);

    await add(connector);
    const paid: ContractOrder = { ...chainOrder('500.5'), asset: 'PEPE.BASE' };
    const later: ContractOrder = { ...chainOrder('7'), asset: 'PEPE.BASE' };
    await connector.submit([paid]);
    await connector.app.get(SetAsset).run({ ...PEPE, active: false, after_version: 1 }, ADA);
    await connector.app.get(SetAsset).run({ ...PEPE, active: false, after_version: 1 }, PETER);
    await connector.submit([later]);

    await happens(connector, paid, 'withdrawal-settled');
    expect(await bench.payments('500.5')).toMatchObject([{ net_amount: '500.5' }]);
    expect(types(connector, later)).toEqual(['submission-refused']);
    expect(await connector.violations()).toEqual([]);
  });

  it('is one of those that are listed, with the most that is ever sent of it', async () => {
    const connector = await bench.connector();
    await add(connector);
    const { payload } = await connector.app.inject({
      method: 'GET',
      url: '/internal/assets',
      headers: connector.operator,
    });
    const { data } = JSON.parse(payload) as { data: readonly object[] };

    expect(data).toContainEqual(
      expect.objectContaining({ currency: 'USDT', network: 'ETH', built_in: true, code: null }),
    );
    expect(data.at(-1)).toMatchObject({
      currency: 'PEPE',
      network: 'BASE',
      built_in: false,
      code: 'BASEEVM',
      version: 1,
      most_by_call: '1000000',
      most_by_hour: '10000000',
      most_by_day: '50000000',
      requested_by: 'ada',
      approved_by: 'peter',
    });
  });

  it.each([
    [{ network: 'ETH', code: 'ERC20' }, 'The chain of ETH is ETH here'],
    [{ code: 'ARBEVM' }, 'The chain ARBEVM is that of ARB'],
    [{ code: 'BaseEvm' }, 'The chain BaseEvm is written in capitals at Gate.io'],
  ])('cannot have another name than its chain has: %j', async (change, message) => {
    const connector = await bench.connector();
    await expect(
      connector.app.get(SetAsset).run({ ...PEPE, ...change }, ADA),
    ).rejects.toMatchObject({ status: 409, message });
  });
});

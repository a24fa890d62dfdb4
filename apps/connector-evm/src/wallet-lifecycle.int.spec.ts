import { benchFor, reaches, types } from '@sluice/connector-testing';
import { eventually } from '@sluice/test-kit';
import { orderOf } from './testing/orders.js';
import { kitWith } from './testing/wallet-kit.js';
import { ReadWalletRecords } from './venue/wallet.records.js';
import { TRANSFER } from './venue/wallet.capabilities.js';

const bench = benchFor(kitWith({}));

describe('a withdrawal by our own wallet', () => {
  it.each([
    ['ETH.ETH', '0.25'],
    ['USDT.ETH', '12.5'],
  ])('of %s is on the chain at once and settled when it is final', async (asset, amount) => {
    const connector = await bench.connector();
    const order = orderOf(asset, amount);

    await connector.submit([order]);
    await reaches(connector, order, 'settled');

    expect(await bench.payments(amount)).toHaveLength(1);
    const steps = types(connector, order).filter((type) => type !== 'gas-spent');
    expect(steps).toEqual(['submission-accepted', 'withdrawal-broadcast', 'withdrawal-settled']);
    const fact = (type: string) =>
      connector.events(order.withdrawalId).find((event) => event.type === `venue.${type}.v1`)?.data;
    const accepted = fact('submission-accepted');
    const settled = fact('withdrawal-settled');
    expect(settled).toMatchObject({
      txHash: (accepted as { txHash: string }).txHash,
      confirmations: expect.any(Number) as number,
      blockNumber: expect.stringMatching(/^\d+$/) as string,
    });
  });

  it('is listed also if the listing begins between its release and its request', async () => {
    const connector = await bench.connector();
    const order = orderOf('USDT.ETH', '4');
    await connector.submit([order]);
    await reaches(connector, order, 'settled');

    const [from, to] = [new Date(), new Date(Date.now() + 1_000)];
    const listing = await connector.app
      .get(ReadWalletRecords)
      .list({ form: TRANSFER, from, to, offset: 0 });

    expect(listing).toMatchObject({ kind: 'page', covered: { from, to } });
    expect('records' in listing && listing.records).toHaveLength(1);
  });

  it('tells what its gas has cost, once it is final', async () => {
    const connector = await bench.connector();
    const order = orderOf('USDT.ETH', '3');

    await connector.submit([order]);
    await reaches(connector, order, 'settled');

    await eventually(() => expect(types(connector, order)).toContain('gas-spent'));
  });
});

import { contractBenchFor, describeVenueAdapter } from '@sluice/connector-testing';
import { HOT_WALLETS } from './testing/wallet-venue.js';
import { someAddress } from './testing/orders.js';
import { kitWith } from './testing/wallet-kit.js';

const bench = contractBenchFor(kitWith({}));

describeVenueAdapter(
  'Our own wallet',
  bench.underTest(
    (['USDT.ETH', 'ETH.ETH'] as const).map((asset) => ({
      name: asset,
      searchable: false,
      replays: true,
      submitEndpoint: 'eth_sendRawTransaction',
      listEndpoint: 'eth_getTransactionReceipt',
      amount: (n) => (asset === 'USDT.ETH' ? `${100 + n}.25` : `0.${100 + n}5`),
      order: () => ({ asset, destination: { type: 'address', address: someAddress() } }),
      refusedOrder: () => ({
        asset,
        amount: '7',
        destination: { type: 'address', address: HOT_WALLETS[0] },
      }),
    })),
  ),
);

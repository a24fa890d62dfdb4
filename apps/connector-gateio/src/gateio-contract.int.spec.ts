import { contractBenchFor, describeVenueAdapter } from '@sluice/connector-testing';
import { GATEIO_KIT } from './testing/gateio-kit.js';
import { ETH_ADDRESS } from './testing/orders.js';

const bench = contractBenchFor(GATEIO_KIT);

const NO_FUNDS = {
  http_status: 400,
  body: '{"label":"BALANCE_NOT_ENOUGH","message":"Not enough balance"}',
} as const;
const OF_TRADING = {
  http_status: 400,
  body: '{"label":"QUANTITY_NOT_ENOUGH","message":"Amount is not enough"}',
} as const;
const TOO_FAST = {
  http_status: 429,
  body: '{"label":"TOO_MANY_REQUESTS","message":"Request Rate limit Exceeded"}',
} as const;

const UNLISTED = {
  http_status: 400,
  body: '{"label":"CHAIN_SUSPENDED","message":"The chain is suspended"}',
} as const;

describeVenueAdapter(
  'Gate.io',
  bench.underTest(
    [
      {
        unlistedRefusal: UNLISTED,
        name: 'chain withdrawal',
        searchable: true,
        submitEndpoint: 'POST /withdrawals',
        listEndpoint: 'GET /wallet/withdrawals',
        record: {
          id: 'id',
          time: 'timestamp',
          rewritten: () => ({ currency: '"usdt"', chain: '"Erc20"', fee: '10E-1' }),
          unclear: { chain: '"ETHEREUM-L3"' },
          failedWithTransaction: { status: '"REJECT"', txid: '"0x5e2f"' },
          raisedFee: { fee: '"1.5"' },
        },
        amount: (n) => `${100 + n}.25`,
        order: () => ({
          asset: 'USDT.ETH',
          destination: { type: 'address', address: ETH_ADDRESS },
        }),
        refusedOrder: () => ({
          asset: 'USDT.ETH',
          amount: '7',
          destination: { type: 'address', address: 'not-an-address' },
        }),
        refusal: NO_FUNDS,
        ambiguousRefusal: OF_TRADING,
        tooFast: TOO_FAST,
      },
      {
        unlistedRefusal: UNLISTED,
        name: 'UID transfer',
        searchable: false,
        submitEndpoint: 'POST /withdrawals/push',
        listEndpoint: 'GET /wallet/push',
        record: {
          id: 'id',
          time: 'create_time',
          rewritten: (amount) => ({ currency: '" usdt"', amount: `${amount}0e+0` }),
          unclear: { receive_uid: '"1234****"' },
        },
        amount: (n) => `${500 + n}.5`,
        order: () => ({
          asset: 'USDT.ETH',
          destination: { type: 'venue_account', kind: 'uid', value: '12345678' },
        }),
        refusedOrder: () => ({
          asset: 'USDT.ETH',
          amount: '9',
          destination: { type: 'venue_account', kind: 'uid', value: '10000001' },
        }),
        refusal: NO_FUNDS,
        ambiguousRefusal: OF_TRADING,
        tooFast: TOO_FAST,
      },
    ],
    'USDT',
  ),
);

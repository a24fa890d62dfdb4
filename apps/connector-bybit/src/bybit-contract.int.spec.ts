import { contractBenchFor, describeVenueAdapter } from '@sluice/connector-testing';
import { ETH_ADDRESS } from './testing/orders.js';
import { BYBIT_KIT } from './testing/bybit-kit.js';

/** After a limit the records are readable again within the patience of a test. */
const bench = contractBenchFor(BYBIT_KIT, {
  rate_limits: { enabled: false, records: { requests: 300, per_ms: 1_000 } },
});

const NO_FUNDS = {
  http_status: 200,
  body: '{"retCode":131212,"retMsg":"Insufficient balance","result":{},"time":1}',
} as const;
const OF_AN_ACCOUNT = {
  http_status: 200,
  body: '{"retCode":131204,"retMsg":"Account info error","result":{},"time":1}',
} as const;
const TOO_FAST = {
  http_status: 200,
  body: '{"retCode":10006,"retMsg":"Too many visits!","result":{},"retExtInfo":{},"time":1}',
} as const;

const UNLISTED = {
  http_status: 200,
  body: '{"retCode":90099,"retMsg":"Chain suspended","result":{},"retExtInfo":{},"time":1}',
} as const;

describeVenueAdapter(
  'Bybit',
  bench.underTest(
    [
      {
        unlistedRefusal: UNLISTED,
        name: 'chain withdrawal',
        searchable: false,
        submitEndpoint: 'POST /v5/asset/withdraw/create',
        listEndpoint: 'GET /v5/asset/withdraw/query-record',
        record: {
          id: 'withdrawId',
          time: 'createTime',
          rewritten: (amount) => ({
            coin: '"usdt"',
            chain: '"Ethereum"',
            amount: `${amount.replace('.', '')}e-2`,
            withdrawType: '"0"',
          }),
          unclear: { chain: '"ETHEREUM-L3"' },
          failedWithTransaction: { status: '"Reject"', txID: '"0x5e2f"' },
        },
        amount: (n) => `${100 + n}.25`,
        order: () => ({
          asset: 'USDT.ETH',
          destination: { type: 'address', address: ETH_ADDRESS },
        }),
        refusedOrder: () => ({
          asset: 'USDT.ETH',
          amount: '17',
          destination: { type: 'address', address: 'not-an-address' },
        }),
        refusal: NO_FUNDS,
        ambiguousRefusal: OF_AN_ACCOUNT,
        tooFast: TOO_FAST,
      },
      {
        unlistedRefusal: UNLISTED,
        name: 'UID transfer',
        searchable: false,
        submitEndpoint: 'POST /v5/asset/withdraw/create',
        listEndpoint: 'GET /v5/asset/withdraw/query-record',
        record: {
          id: 'withdrawId',
          time: 'createTime',
          rewritten: (amount) => ({
            coin: '"Usdt"',
            amount: `"${amount.replace('.', '')}E-1"`,
            withdrawType: '"1"',
          }),
          unclear: { toAddress: '"2460****"' },
        },
        amount: (n) => `${500 + n}.5`,
        order: () => ({
          asset: 'USDT.ETH',
          destination: { type: 'venue_account', kind: 'uid', value: '24600000' },
        }),
        refusedOrder: () => ({
          asset: 'USDT.ETH',
          amount: '9',
          destination: { type: 'venue_account', kind: 'uid', value: '10000001' },
        }),
        refusal: NO_FUNDS,
        ambiguousRefusal: OF_AN_ACCOUNT,
        tooFast: TOO_FAST,
      },
    ],
    'USDT',
  ),
);

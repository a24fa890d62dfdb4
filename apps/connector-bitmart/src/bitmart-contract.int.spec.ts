import {
  contractBenchFor,
  describeVenueAdapter,
  type ContractRecord,
} from '@sluice/connector-testing';
import { ACCOUNTS, ETH_ADDRESS } from './testing/orders.js';
import { BITMART_KIT } from './testing/bitmart-kit.js';

const bench = contractBenchFor(BITMART_KIT, { refused_addresses: ['876940000'] });

const ENDPOINTS = {
  submitEndpoint: 'POST /account/v1/withdraw/apply',
  listEndpoint: 'GET /account/v2/deposit-withdraw/history',
} as const;

const recordIn = (currency: string): Omit<ContractRecord, 'unclear'> => ({
  id: 'withdraw_id',
  time: 'apply_time',
  rewritten: (amount) => ({
    currency: `"${currency}"`,
    status: '"3"',
    arrival_amount: `${amount.replace('.', '')}e-${amount.split('.')[1]?.length ?? 0}`,
  }),
});

const NO_FUNDS = {
  http_status: 400,
  body: '{"code":60008,"trace":"t","message":"Balance not enough","data":{}}',
} as const;
const OF_A_TRANSFER = {
  http_status: 400,
  body: '{"code":61001,"trace":"t","message":"Balance not enough","data":{}}',
} as const;
const TOO_FAST = {
  http_status: 429,
  body: '{"code":30013,"trace":"t","message":"Request too many requests","data":{}}',
} as const;

const UNLISTED = {
  http_status: 200,
  body: '{"code":69999,"trace":"t","message":"Suspended","data":{}}',
} as const;

describeVenueAdapter(
  'BitMart',
  bench.underTest(
    [
      {
        ...ENDPOINTS,
        unlistedRefusal: UNLISTED,
        name: 'withdrawal to an address',
        searchable: false,
        record: {
          ...recordIn('usdt-erc20'),
          unclear: { currency: '"USDT-L3"' },
          failedWithTransaction: { status: '"5"', tx_id: '"0x5e2f"' },
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
        ambiguousRefusal: OF_A_TRANSFER,
        tooFast: TOO_FAST,
      },
      {
        ...ENDPOINTS,
        unlistedRefusal: UNLISTED,
        name: 'transfer to an account',
        searchable: false,
        record: { ...recordIn('Usdt-Ethereum'), unclear: { arrival_amount: '"?"' } },
        amount: (n) => `${500 + n}.5`,
        order: () => ({ asset: 'USDT.ETH', destination: ACCOUNTS.cid }),
        refusedOrder: () => ({
          asset: 'USDT.ETH',
          amount: '9',
          destination: { ...ACCOUNTS.cid, value: '876940000' },
        }),
        refusal: NO_FUNDS,
        ambiguousRefusal: OF_A_TRANSFER,
        tooFast: TOO_FAST,
      },
    ],
    'USDT',
  ),
);

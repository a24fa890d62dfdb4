import {
  contractBenchFor,
  describeVenueAdapter,
  type ContractRecord,
} from '@sluice/connector-testing';
import { ACCOUNTS, accountOrder, chainOrder } from './testing/orders.js';
import { BITMART_KIT } from './testing/bitmart-kit.js';

const bench = contractBenchFor(BITMART_KIT, { refused_addresses: ['876940000'] });

const recordIn = (currency: string): Omit<ContractRecord, 'unclear'> => ({
  id: 'withdraw_id',
  time: 'apply_time',
  rewritten: (amount) => ({
    currency: `"${currency}"`,
    status: '"3"',
    arrival_amount: `${amount.replace('.', '')}e-${amount.split('.')[1]?.length ?? 0}`,
  }),
});

const answer = (http_status: number, code: number, message: string) => ({
  http_status,
  body: JSON.stringify({ code, trace: 't', message, data: {} }),
});
const COMMON = {
  refusal: answer(400, 60008, 'Balance not enough'),
  ambiguousRefusal: answer(400, 61001, 'Balance not enough'),
  unlistedRefusal: answer(200, 69999, 'Suspended'),
  tooFast: answer(429, 30013, 'Request too many requests'),
  keyRefusal: answer(401, 30005, 'Header X-BM-SIGN is wrong'),
  searchable: false,
  submitEndpoint: 'POST /account/v1/withdraw/apply',
  listEndpoint: 'GET /account/v2/deposit-withdraw/history',
} as const;

describeVenueAdapter(
  'BitMart',
  bench.underTest(
    [
      {
        ...COMMON,
        name: 'withdrawal to an address',
        record: {
          ...recordIn('usdt-erc20'),
          unclear: { currency: '"USDT-L3"' },
          failedWithTransaction: { status: '"5"', tx_id: '"0x5e2f"' },
        },
        amount: (n) => `${100 + n}.25`,
        order: (amount) => chainOrder(amount),
        refusedOrder: () =>
          chainOrder('7', { destination: { type: 'address', address: 'not-an-address' } }),
      },
      {
        ...COMMON,
        name: 'transfer to an account',
        record: { ...recordIn('Usdt-Ethereum'), unclear: { arrival_amount: '"?"' } },
        amount: (n) => `${500 + n}.5`,
        order: (amount) => accountOrder('cid', amount),
        refusedOrder: () => ({
          ...accountOrder('cid', '9'),
          destination: { ...ACCOUNTS.cid, value: '876940000' },
        }),
      },
    ],
    {
      balanceOf: 'USDT',
      notPaid: [
        chainOrder('5', { asset: 'DOGE.DOGE' }),
        chainOrder('5', { destination: { type: 'venue_account', kind: 'uid', value: '1' } }),
      ],
    },
  ),
);

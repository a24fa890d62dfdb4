import { contractBenchFor, describeVenueAdapter } from '@sluice/connector-testing';
import { chainOrder, uidOrder } from './testing/orders.js';
import { BYBIT_KIT } from './testing/bybit-kit.js';

/** After a limit the records are readable again within the patience of a test. */
const bench = contractBenchFor(BYBIT_KIT, {
  rate_limits: { enabled: false, records: { requests: 300, per_ms: 1_000 } },
});

const answer = (retCode: number, retMsg: string) => ({
  http_status: 200,
  body: JSON.stringify({ retCode, retMsg, result: {}, retExtInfo: {}, time: 1 }),
});
const COMMON = {
  refusal: answer(131212, 'Insufficient balance'),
  ambiguousRefusal: answer(131204, 'Account info error'),
  unlistedRefusal: answer(90099, 'Chain suspended'),
  tooFast: answer(10006, 'Too many visits!'),
  keyRefusal: answer(10005, 'Permission denied'),
  searchable: false,
  submitEndpoint: 'POST /v5/asset/withdraw/create',
  listEndpoint: 'GET /v5/asset/withdraw/query-record',
  cancel: {
    endpoint: 'POST /v5/asset/withdraw/cancel',
    inTime: { SecurityCheck: 60_000 },
    tooLate: { SecurityCheck: 0, Pending: 0, BlockchainConfirmed: 900 },
    status: 'CancelByUser',
    lostAnswers: ['accept_then_cut', 'accept_then_hang', 'accept_then_5xx'],
    readsRecord: true,
  },
} as const;

describeVenueAdapter(
  'Bybit',
  bench.underTest(
    [
      {
        ...COMMON,
        name: 'chain withdrawal',
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
        order: chainOrder,
        refusedOrder: () => ({
          ...chainOrder('17'),
          destination: { type: 'address', address: 'not-an-address' },
        }),
      },
      {
        ...COMMON,
        name: 'UID transfer',
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
        order: uidOrder,
        refusedOrder: () => ({
          ...uidOrder('9'),
          destination: { type: 'venue_account', kind: 'uid', value: '10000001' },
        }),
      },
    ],
    {
      balanceOf: 'USDT',
      notPaid: [
        { ...chainOrder('90'), asset: 'DOGE.DOGE' },
        {
          ...uidOrder('90'),
          destination: { type: 'venue_account', kind: 'email', value: 'a@b.c' },
        },
      ],
    },
  ),
);

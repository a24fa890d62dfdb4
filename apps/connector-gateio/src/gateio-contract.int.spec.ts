import { contractBenchFor, describeVenueAdapter } from '@sluice/connector-testing';
import { GATEIO_KIT } from './testing/gateio-kit.js';
import { chainOrder, pushOrder } from './testing/orders.js';

const bench = contractBenchFor(GATEIO_KIT);

const answer = (http_status: number, label: string, message: string) => ({
  http_status,
  body: JSON.stringify({ label, message }),
});
const ANSWERS = {
  refusal: answer(400, 'BALANCE_NOT_ENOUGH', 'Not enough balance'),
  ambiguousRefusal: answer(400, 'QUANTITY_NOT_ENOUGH', 'Amount is not enough'),
  unlistedRefusal: answer(400, 'CHAIN_SUSPENDED', 'The chain is suspended'),
  tooFast: answer(429, 'TOO_MANY_REQUESTS', 'Request Rate limit Exceeded'),
  keyRefusal: answer(403, 'READ_ONLY', 'API key is read-only'),
} as const;

describeVenueAdapter(
  'Gate.io',
  bench.underTest(
    [
      {
        ...ANSWERS,
        name: 'chain withdrawal',
        searchable: true,
        submitEndpoint: 'POST /withdrawals',
        listEndpoint: 'GET /wallet/withdrawals',
        cancel: {
          endpoint: 'DELETE /withdrawals/{id}',
          inTime: { REQUEST: 60_000 },
          tooLate: { REQUEST: 0, REVIEW: 0, LOCKED: 700 },
          status: 'CANCEL',
          lostAnswers: [],
        },
        record: {
          id: 'id',
          time: 'timestamp',
          rewritten: () => ({ currency: '"usdt"', chain: '"Erc20"', fee: '10E-1' }),
          unclear: { chain: '"ETHEREUM-L3"' },
          failedWithTransaction: { status: '"REJECT"', txid: '"0x5e2f"' },
          raisedFee: { fee: '"1.5"' },
        },
        amount: (n) => `${100 + n}.25`,
        order: chainOrder,
        refusedOrder: () => ({
          ...chainOrder('7'),
          destination: { type: 'address', address: 'not-an-address' },
        }),
      },
      {
        ...ANSWERS,
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
        order: pushOrder,
        refusedOrder: () => ({
          ...pushOrder('9'),
          destination: { type: 'venue_account', kind: 'uid', value: '10000001' },
        }),
      },
    ],
    {
      balanceOf: 'USDT',
      notPaid: [
        { ...chainOrder('5'), asset: 'DOGE.DOGE' },
        {
          ...pushOrder('5'),
          destination: { type: 'venue_account', kind: 'email', value: 'a@b.c' },
        },
      ],
    },
  ),
);

import { contractBenchFor, describeVenueAdapter } from '@sluice/connector-testing';
import { usersOf, type TestUser } from './testing/orders.js';
import { UPVEST_KIT } from './testing/upvest-kit.js';

const bench = contractBenchFor(UPVEST_KIT);
let users: readonly TestUser[];

beforeAll(async () => void (users = await usersOf(bench.simulator)));

const problem = (http_status: number, name: string) => ({
  http_status,
  body: JSON.stringify({ type: `https://docs.upvest.co/errors/${name}`, status: http_status }),
});

describeVenueAdapter(
  'Upvest',
  bench.underTest([
    {
      unlistedRefusal: problem(409, 'suspended'),
      keyRefusal: problem(403, 'forbidden'),
      name: 'cash withdrawal',
      searchable: false,
      replays: true,
      submitEndpoint: 'POST /payments/withdrawals',
      listEndpoint: 'GET /account_groups/{id}/payments/withdrawals',
      record: {
        id: 'id',
        time: 'created_at',
        rewritten: (amount) => ({ currency: '"eur"', amount: `${amount}00e0` }),
        unclear: { currency: '"€"' },
      },
      amount: (n) => `${100 + n}.25`,
      order: () => ({ asset: 'EUR.SEPA', destination: { type: 'reference_account', ...users[0] } }),
      refusedOrder: () => ({
        asset: 'EUR.SEPA',
        amount: '7',
        destination: {
          type: 'reference_account',
          ...users[0],
          reference_account_id: users[1]?.reference_account_id,
        },
      }),
      tooFast: problem(429, 'too_many_requests'),
      refusal: problem(422, 'unprocessable_entity'),
      cancel: {
        endpoint: 'DELETE /payments/withdrawals/{id}',
        inTime: { NEW: 60_000 },
        tooLate: { NEW: 0, PROCESSING: 1_500 },
        status: 'CANCELLED',
        lostAnswers: ['accept_then_cut'],
      },
    },
  ]),
);

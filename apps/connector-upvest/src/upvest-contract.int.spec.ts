import { contractBenchFor, describeVenueAdapter } from '@sluice/connector-testing';
import { usersOf, type TestUser } from './testing/orders.js';
import { UPVEST_KIT } from './testing/upvest-kit.js';

const bench = contractBenchFor(UPVEST_KIT);
let users: readonly TestUser[];

beforeAll(async () => void (users = await usersOf(bench.simulator)));

const TOO_FAST = { http_status: 429, body: '{"type":"too_many_requests","status":429}' } as const;

const UNLISTED = {
  http_status: 409,
  body: '{"type":"https://docs.upvest.co/errors/suspended","status":409,"title":"Suspended"}',
} as const;

describeVenueAdapter(
  'Upvest',
  bench.underTest([
    {
      unlistedRefusal: UNLISTED,
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
      tooFast: TOO_FAST,
      refusal: {
        http_status: 422,
        body: '{"type":"https://docs.upvest.co/problems/unprocessable_entity","title":"Unprocessable Entity","status":422}',
      },
    },
  ]),
);

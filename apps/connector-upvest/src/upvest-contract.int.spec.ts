import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { describeVenueAdapter } from '@sluice/testing';
import { usersOf, type TestUser } from './testing/orders.js';
import { startUpvestSimulator, type RunningSimulator } from './testing/start-simulator.js';
import { ABSENCE_AFTER_MS, TestConnector } from './testing/start-connector.js';

let simulator: RunningSimulator;
let postgres: TestPostgres;
let users: readonly TestUser[];

beforeAll(async () => {
  postgres = await withTestPostgres();
  simulator = await startUpvestSimulator();
  users = await usersOf(simulator.control);
  await simulator.control.settings({ rate_limits: { enabled: false }, status_ms: 40, hang_ms: 900, slow_listing_ms: 300 });
});

afterAll(async () => {
  await simulator.stop();
  await postgres.stop();
});

describeVenueAdapter('Upvest', {
  simulator: () => simulator.control,
  start: async () => TestConnector.start(await postgres.createDatabase('connector_upvest'), simulator.control),
  resendWouldShowWithinMs: ABSENCE_AFTER_MS + 1_500,
  forms: [
    {
      name: 'cash withdrawal',
      searchable: false,
      replays: true,
      submitEndpoint: 'POST /payments/withdrawals',
      listEndpoint: 'GET /account_groups/{id}/payments/withdrawals',
      amount: (n) => `${100 + n}.25`,
      order: () => ({ asset: 'EUR.SEPA', destination: { type: 'reference_account', ...users[0] } }),
      refusedOrder: () => ({
        asset: 'EUR.SEPA',
        amount: '7',
        destination: { type: 'reference_account', ...users[0], reference_account_id: users[1]?.reference_account_id },
      }),
    },
  ],
});

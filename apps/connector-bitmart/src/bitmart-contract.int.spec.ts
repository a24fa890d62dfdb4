import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { describeVenueAdapter } from '@sluice/testing';
import { ACCOUNTS, ETH_ADDRESS } from './testing/orders.js';
import { startBitmartSimulator, type RunningSimulator } from './testing/start-simulator.js';
import { ABSENCE_AFTER_MS, TestConnector } from './testing/start-connector.js';

let simulator: RunningSimulator;
let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await withTestPostgres();
  simulator = await startBitmartSimulator();
  await simulator.control.settings({
    rate_limits: { enabled: false },
    status_ms: 40,
    hang_ms: 900,
    slow_listing_ms: 300,
    refused_addresses: ['876940000'],
  });
});

afterAll(async () => {
  await simulator.stop();
  await postgres.stop();
});

const ENDPOINTS = { submitEndpoint: 'POST /account/v1/withdraw/apply', listEndpoint: 'GET /account/v2/deposit-withdraw/history' } as const;

describeVenueAdapter('BitMart', {
  simulator: () => simulator.control,
  start: async () => TestConnector.start(await postgres.createDatabase('connector_bitmart'), simulator.control),
  resendWouldShowWithinMs: ABSENCE_AFTER_MS + 1_500,
  forms: [
    {
      ...ENDPOINTS,
      name: 'withdrawal to an address',
      searchable: false,
      amount: (n) => `${100 + n}.25`,
      order: () => ({ asset: 'USDT.ETH', destination: { type: 'address', address: ETH_ADDRESS } }),
      refusedOrder: () => ({ asset: 'USDT.ETH', amount: '7', destination: { type: 'address', address: 'not-an-address' } }),
    },
    {
      ...ENDPOINTS,
      name: 'transfer to an account',
      searchable: false,
      amount: (n) => `${500 + n}.5`,
      order: () => ({ asset: 'USDT.ETH', destination: ACCOUNTS.cid }),
      refusedOrder: () => ({ asset: 'USDT.ETH', amount: '9', destination: { ...ACCOUNTS.cid, value: '876940000' } }),
    },
  ],
});

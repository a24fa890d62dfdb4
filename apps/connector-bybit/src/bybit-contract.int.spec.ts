import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { describeVenueAdapter } from '@sluice/testing';
import { ETH_ADDRESS } from './testing/orders.js';
import { startBybitSimulator, type RunningSimulator } from './testing/start-simulator.js';
import { ABSENCE_AFTER_MS, TestConnector } from './testing/start-connector.js';

let simulator: RunningSimulator;
let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await withTestPostgres();
  simulator = await startBybitSimulator();
  await simulator.control.settings({ rate_limits: { enabled: false }, status_ms: 40, hang_ms: 900, slow_listing_ms: 300 });
});

afterAll(async () => {
  await simulator.stop();
  await postgres.stop();
});

describeVenueAdapter('Bybit', {
  simulator: () => simulator.control,
  start: async () => TestConnector.start(await postgres.createDatabase('connector_bybit'), simulator.control),
  resendWouldShowWithinMs: ABSENCE_AFTER_MS + 1_500,
  forms: [
    {
      name: 'chain withdrawal',
      searchable: false,
      submitEndpoint: 'POST /v5/asset/withdraw/create',
      listEndpoint: 'GET /v5/asset/withdraw/query-record',
      amount: (n) => `${100 + n}.25`,
      order: () => ({ asset: 'USDT.ETH', destination: { type: 'address', address: ETH_ADDRESS } }),
      refusedOrder: () => ({ asset: 'USDT.ETH', amount: '17', destination: { type: 'address', address: 'not-an-address' } }),
    },
    {
      name: 'UID transfer',
      searchable: false,
      submitEndpoint: 'POST /v5/asset/withdraw/create',
      listEndpoint: 'GET /v5/asset/withdraw/query-record',
      amount: (n) => `${500 + n}.5`,
      order: () => ({ asset: 'USDT.ETH', destination: { type: 'venue_account', kind: 'uid', value: '24600000' } }),
      refusedOrder: () => ({ asset: 'USDT.ETH', amount: '9', destination: { type: 'venue_account', kind: 'uid', value: '10000001' } }),
    },
  ],
});

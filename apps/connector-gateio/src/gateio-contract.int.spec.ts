import { withTestPostgres, type TestPostgres } from '@sluice/stack';
import { describeVenueAdapter } from '@sluice/testing';
import { startGateioSimulator, type RunningSimulator } from './testing/start-simulator.js';
import { ABSENCE_AFTER_MS, TestConnector } from './testing/start-connector.js';

const ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';

let simulator: RunningSimulator;
let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await withTestPostgres();
  simulator = await startGateioSimulator();
  await simulator.control.settings({ rate_limits: { enabled: false }, status_ms: 40, hang_ms: 900, slow_listing_ms: 300 });
});

afterAll(async () => {
  await simulator.stop();
  await postgres.stop();
});

describeVenueAdapter('Gate.io', {
  simulator: () => simulator.control,
  start: async () => TestConnector.start(await postgres.createDatabase('connector_gateio'), simulator.control),
  resendWouldShowWithinMs: ABSENCE_AFTER_MS + 1_500,
  forms: [
    {
      name: 'chain withdrawal',
      searchable: true,
      submitEndpoint: 'POST /withdrawals',
      listEndpoint: 'GET /wallet/withdrawals',
      amount: (n) => `${100 + n}.25`,
      order: () => ({ asset: 'USDT.ETH', destination: { type: 'address', address: ADDRESS } }),
      refusedOrder: () => ({ asset: 'USDT.ETH', amount: '7', destination: { type: 'address', address: 'not-an-address' } }),
    },
    {
      name: 'UID transfer',
      searchable: false,
      submitEndpoint: 'POST /withdrawals/push',
      listEndpoint: 'GET /wallet/push',
      amount: (n) => `${500 + n}.5`,
      order: () => ({ asset: 'USDT.ETH', destination: { type: 'venue_account', kind: 'uid', value: '12345678' } }),
      refusedOrder: () => ({ asset: 'USDT.ETH', amount: '9', destination: { type: 'venue_account', kind: 'uid', value: '10000001' } }),
    },
  ],
});

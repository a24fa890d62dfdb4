import type { SimulatedVenue } from './venue.js';

export const GATEIO = {
  title: 'Gate.io',
  always: true,
  basePath: '/api/v4',
  credentials: {
    GATEIO_BASE_URL: 'base_url',
    GATEIO_API_KEY: 'api_key',
    GATEIO_API_SECRET: 'api_secret',
  },
  simulatedKeys: {
    api_key: '0f93a8e73db10bb2463711dd6dc3951d',
    api_secret: '2e6f464d44dd8684ca9b50854f6e5fb0bfb1bed142cf1bf3f62e978045d1c0a5',
  },
  audit: {
    address: 'GATEIO_BASE_URL',
    keys: {
      GATEIO_AUDIT_API_KEY: '944259e3b379eee77755d0c1ac26efa4',
      GATEIO_AUDIT_API_SECRET: '7df822d2426e04544a803c3c46eb5b040a0d5eeec1427e295384c75090502e22',
    },
  },
  endpoints: [
    'POST /withdrawals',
    'POST /withdrawals/push',
    'DELETE /withdrawals/{id}',
    'GET /wallet/withdrawals',
    'GET /wallet/push',
    'GET /wallet/withdraw_status',
  ],
  productionUrl: 'https://api.gateio.ws/api/v4',
  api: {
    pays: ['/withdrawals', '/withdrawals/push'],
    lists: ['/wallet/withdrawals', '/wallet/push'],
    payEndpoints: ['POST /withdrawals', 'POST /withdrawals/push'],
    listEndpoints: ['GET /wallet/withdrawals', 'GET /wallet/push'],
    // a payment per three seconds
    slowEndpoints: ['POST /withdrawals'],
    refusal: {
      status: 400,
      body: { label: 'BALANCE_NOT_ENOUGH', message: 'Not enough balance' },
    },
    serverError: { status: 500, body: { label: 'SERVER_ERROR', message: 'Server error' } },
    tooManyRequests: {
      status: 429,
      body: { label: 'TOO_MANY_REQUESTS', message: 'Request rate limit exceeded' },
    },
    unlistedRefusal: {
      status: 400,
      body: { label: 'CHAIN_SUSPENDED', message: 'The chain is suspended' },
    },
    recordsAt: [],
    idField: 'id',
    amountField: 'amount',
    nameField: 'chain',
    timeFields: ['timestamp', 'create_time'],
    sentBack: ['REJECT', 'REFUSED', 'CANCEL', 'CANCELPEND'],
  },
  orders: {
    'gateio-address': { weight: 3, to: 'address' },
    'gateio-uid': { weight: 2, to: 'venue account', kind: 'uid' },
  },
  demo: {
    toUser: {
      title: '5 USDT to Gate.io user 12345678',
      body: {
        currency: 'USDT',
        network: 'ETH',
        venue: 'gateio',
        destination: { type: 'venue_account', kind: 'uid', value: '12345678' },
        amount: '5',
      },
    },
    refused: {
      title: '0.01 BTC, of which Gate.io has none',
      body: {
        currency: 'BTC',
        network: 'BTC',
        to_address: 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq',
        amount: '0.01',
      },
    },
  },
} as const satisfies SimulatedVenue;

import type { SimulatedVenue } from './venue.js';

export const BITMART = {
  title: 'BitMart',
  credentials: {
    BITMART_BASE_URL: 'base_url',
    BITMART_API_KEY: 'api_key',
    BITMART_API_SECRET: 'api_secret',
    BITMART_MEMO: 'memo',
  },
  simulatedKeys: {
    api_key: '155b74ead7af2eb310db3b05689832761b154e00',
    api_secret: 'b08c44a5f996250dabf7319c3a6d185f85a4c5d905d51716b100f793e9de2d06',
    memo: 'sluice #main',
  },
  audit: {
    address: 'BITMART_BASE_URL',
    keys: { BITMART_AUDIT_API_KEY: '6fb3e8895b068672f38a7135ef627f6a7c7b6481' },
  },
  endpoints: [
    'POST /account/v1/withdraw/apply',
    'GET /account/v2/deposit-withdraw/history',
    'GET /account/v1/deposit-withdraw/detail',
    'GET /account/v1/withdraw/charge',
    'GET /account/v1/currencies',
  ],
  // the address book of a demo would be a list of the demo's recipients
  settings: () => ({ saved_addresses_only: false }),
  productionUrl: 'https://api-cloud.bitmart.com',
  api: {
    pays: ['/account/v1/withdraw/apply'],
    lists: ['/account/v2/deposit-withdraw/history'],
    payEndpoints: ['POST /account/v1/withdraw/apply'],
    listEndpoints: ['GET /account/v2/deposit-withdraw/history'],
    refusal: {
      status: 400,
      body: { code: 60008, message: 'Balance not enough', trace: 'nemesis', data: {} },
    },
    serverError: {
      status: 500,
      body: { code: 59002, message: 'Internal server error', trace: 'nemesis', data: {} },
    },
    tooManyRequests: {
      status: 429,
      body: { code: 30013, message: 'Request too many requests', trace: 'nemesis', data: {} },
    },
    unlistedRefusal: {
      status: 200,
      body: { code: 69999, message: 'Suspended', trace: 'nemesis', data: {} },
    },
    recordsAt: ['data', 'records'],
    idField: 'withdraw_id',
    amountField: 'arrival_amount',
    nameField: 'currency',
    timeFields: ['apply_time'],
    sentBack: ['4', '5'],
  },
  orders: {
    'bitmart-address': { weight: 2, to: 'address' },
    'bitmart-cid': { weight: 1, to: 'venue account', kind: 'cid' },
    'bitmart-email': { weight: 1, to: 'venue account', kind: 'email' },
    'bitmart-phone': { weight: 1, to: 'venue account', kind: 'phone', areaCode: '49' },
  },
  demo: {
    paid: {
      title: '0.05 ETH through BitMart',
      body: {
        currency: 'ETH',
        network: 'ETH',
        venue: 'bitmart',
        to_address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
        amount: '0.05',
      },
    },
  },
} as const satisfies SimulatedVenue;

import type { SimulatedVenue } from './venue.js';

export const BYBIT = {
  title: 'Bybit',
  credentials: {
    BYBIT_BASE_URL: 'base_url',
    BYBIT_API_KEY: 'api_key',
    BYBIT_API_SECRET: 'api_secret',
  },
  simulatedKeys: {
    api_key: '45718df1ddebb00dd0',
    api_secret: '755cff299e075ac7797533c7f1b0fd9726e3',
  },
  audit: {
    address: 'BYBIT_BASE_URL',
    keys: {
      BYBIT_AUDIT_API_KEY: 'd55f34978348ded8c2',
      BYBIT_AUDIT_API_SECRET: 'da251ef02a0e1a1f27879133a04e98b28a03',
    },
  },
  endpoints: [
    'POST /v5/asset/withdraw/create',
    'POST /v5/asset/withdraw/create *',
    'POST /v5/asset/withdraw/cancel',
    'GET /v5/asset/withdraw/query-record',
    'GET /v5/asset/withdraw/query-address',
  ],
  productionUrl: 'https://api.bybit.com',
  api: {
    pays: ['/v5/asset/withdraw/create'],
    lists: ['/v5/asset/withdraw/query-record'],
    payEndpoints: ['POST /v5/asset/withdraw/create'],
    listEndpoints: ['GET /v5/asset/withdraw/query-record'],
    // a payment per ten seconds and coin
    slowEndpoints: ['POST /v5/asset/withdraw/create', 'POST /v5/asset/withdraw/create *'],
    refusal: {
      status: 200,
      body: {
        retCode: 131212,
        retMsg: 'Insufficient balance',
        result: {},
        retExtInfo: {},
        time: 0,
      },
    },
    serverError: {
      status: 200,
      body: {
        retCode: 10016,
        retMsg: 'Internal server error',
        result: {},
        retExtInfo: {},
        time: 0,
      },
    },
    tooManyRequests: {
      status: 200,
      body: { retCode: 10006, retMsg: 'Too many visits', result: {}, retExtInfo: {}, time: 0 },
    },
    unlistedRefusal: {
      status: 200,
      body: { retCode: 90099, retMsg: 'Suspended', result: {}, retExtInfo: {}, time: 0 },
    },
    recordsAt: ['result', 'rows'],
    idField: 'withdrawId',
    amountField: 'amount',
    nameField: 'chain',
    timeFields: ['createTime'],
    sentBack: ['Reject', 'Fail', 'CancelByUser'],
  },
  orders: {
    'bybit-address': { weight: 3, to: 'address' },
    'bybit-uid': { weight: 2, to: 'venue account', kind: 'uid' },
  },
  demo: {
    paid: {
      title: '20 USDT through Bybit',
      body: {
        currency: 'USDT',
        network: 'TRX',
        venue: 'bybit',
        to_address: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL',
        amount: '20',
      },
    },
  },
} as const satisfies SimulatedVenue;

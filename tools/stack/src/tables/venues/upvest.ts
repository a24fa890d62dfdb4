import type { SimulatedVenue } from './venue.js';

export const UPVEST = {
  title: 'Upvest',
  credentials: {
    UPVEST_BASE_URL: 'base_url',
    UPVEST_CLIENT_ID: 'client_id',
    UPVEST_CLIENT_SECRET: 'client_secret',
    UPVEST_KEY_ID: 'key_id',
    UPVEST_PRIVATE_KEY: 'private_key',
    UPVEST_WEBHOOK_PUBLIC_KEY: 'webhook_public_key',
  },
  simulatedKeys: {
    client_id: 'b967f9ec-8803-46c3-814c-a0951a97e619',
    client_secret: 'VLxKi8dE4uLNbAwez7EIl3sHntkLqYDsVg9ID96L2AY',
    // The second key of the simulator's client; write-env.mjs derives the key, to keep private
    // keys out of this file.
    key_id: 'bf50952a-c3df-4356-8eab-dc3d907ccb8f',
    private_key: '${SIMULATED_UPVEST_KEY}',
    webhook_public_key:
      '-----BEGIN PUBLIC KEY-----\\nMCowBQYDK2VwAyEAOYAookg1ioDNPmnEutlUmA2Jch7gdJYgxeWHr/5Mz0c=\\n-----END PUBLIC KEY-----\\n',
  },
  endpoints: [
    'POST /payments/withdrawals',
    'GET /payments/withdrawals/{id}',
    'GET /account_groups/{id}/payments/withdrawals',
    'DELETE /payments/withdrawals/{id}',
    'POST /auth/token',
  ],
  settings: (connectorUrl) => ({
    webhooks: [
      {
        id: 'sluice',
        title: 'sluice',
        url: `${connectorUrl}/webhooks/upvest`,
        type: ['WITHDRAWAL'],
        enabled: true,
      },
    ],
  }),
  productionUrl: 'https://api.upvest.co',
  productionSettings: { UPVEST_WEBHOOK_PORT: '8082' },
  bankAccount: ['user_id', 'account_group_id', 'reference_account_id'],
  api: {
    pays: ['/payments/withdrawals'],
    lists: ['/payments/withdrawals'],
    payEndpoints: ['POST /payments/withdrawals'],
    listEndpoints: ['GET /account_groups/{id}/payments/withdrawals'],
    refusal: {
      status: 422,
      body: {
        type: 'https://docs.upvest.co/errors/unprocessable_entity',
        status: 422,
        title: 'Not enough cash',
      },
    },
    serverError: {
      status: 503,
      body: {
        type: 'https://docs.upvest.co/errors/unavailable',
        status: 503,
        title: 'Unavailable',
      },
    },
    tooManyRequests: {
      status: 429,
      body: {
        type: 'https://docs.upvest.co/errors/too_many_requests',
        status: 429,
        title: 'Too many requests',
      },
    },
    unlistedRefusal: {
      status: 422,
      body: {
        type: 'https://docs.upvest.co/errors/suspended',
        status: 422,
        title: 'Suspended',
      },
    },
    recordsAt: ['data'],
    idField: 'id',
    amountField: 'amount',
    nameField: 'currency',
    timeFields: ['created_at'],
    sentBack: ['CANCELLED'],
  },
  orders: { upvest: { weight: 3, to: 'bank account' } },
  demo: {
    paid: {
      title: '12.50 EUR to a bank account through Upvest',
      body: { currency: 'EUR', network: 'SEPA', amount: '12.50' },
    },
    cancelled: {
      title: '7.25 EUR, cancelled after Upvest has accepted the payment',
      lingersIn: 'NEW',
      body: { currency: 'EUR', network: 'SEPA', amount: '7.25' },
    },
  },
} as const satisfies SimulatedVenue;

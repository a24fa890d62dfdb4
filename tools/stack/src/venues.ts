/** One venue of the local stack: its connector `apps/connector-<name>` and its simulator. */
export interface Venue {
  /** As people write it. */
  readonly title: string;
  /** Variables of the connector, each with the field of `GET /_sim/credentials` that it is given. */
  readonly credentials: Readonly<Record<string, string>>;
  /** The endpoints of its rate plan, which `--fast` sets wide. */
  readonly endpoints: readonly string[];
  /** Settings of the simulator at each start, beside times and limits; `connectorUrl` is where the connector listens. */
  readonly settings?: (connectorUrl: string) => object;
}

/**
 * Every venue that runs here. Adding one is an entry: its database, role, ports, processes, endpoints and the variable of an existing
 * database (`DATABASE_URL_CONNECTOR_<NAME>`) follow from the name. The first is there in every start and comes up first; the demo goes through them in this order.
 */
export const VENUES = {
  gateio: {
    title: 'Gate.io',
    credentials: {
      GATEIO_BASE_URL: 'base_url',
      GATEIO_API_KEY: 'api_key',
      GATEIO_API_SECRET: 'api_secret',
    },
    endpoints: [
      'POST /withdrawals',
      'POST /withdrawals/push',
      'DELETE /withdrawals/{id}',
      'GET /wallet/withdrawals',
      'GET /wallet/push',
      'GET /wallet/withdraw_status',
    ],
  },
  bitmart: {
    title: 'BitMart',
    credentials: {
      BITMART_BASE_URL: 'base_url',
      BITMART_API_KEY: 'api_key',
      BITMART_API_SECRET: 'api_secret',
      BITMART_MEMO: 'memo',
    },
    endpoints: [
      'POST /account/v1/withdraw/apply',
      'GET /account/v2/deposit-withdraw/history',
      'GET /account/v1/deposit-withdraw/detail',
      'GET /account/v1/withdraw/charge',
      'GET /account/v1/currencies',
    ],
    settings: () => ({ saved_addresses_only: false }), // the address book of a demo would be a list of its recipients
  },
  bybit: {
    title: 'Bybit',
    credentials: {
      BYBIT_BASE_URL: 'base_url',
      BYBIT_API_KEY: 'api_key',
      BYBIT_API_SECRET: 'api_secret',
    },
    endpoints: [
      'POST /v5/asset/withdraw/create',
      'POST /v5/asset/withdraw/create *',
      'POST /v5/asset/withdraw/cancel',
      'GET /v5/asset/withdraw/query-record',
      'GET /v5/asset/withdraw/query-address',
    ],
  },
  upvest: {
    title: 'Upvest',
    credentials: {
      UPVEST_BASE_URL: 'base_url',
      UPVEST_CLIENT_ID: 'client_id',
      UPVEST_CLIENT_SECRET: 'client_secret',
      UPVEST_KEY_ID: 'key_id',
      UPVEST_PRIVATE_KEY: 'private_key',
      UPVEST_WEBHOOK_PUBLIC_KEY: 'webhook_public_key',
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
  },
} as const satisfies Readonly<Record<string, Venue>>;

export type VenueName = keyof typeof VENUES;
export type ConnectorName = `connector-${VenueName}`;

export const VENUE_NAMES = Object.keys(VENUES) as readonly VenueName[];

/** Gate.io always runs, the others where they were asked for. */
export type OfVenues<Key extends string, T> = Readonly<Record<Extract<Key, `${string}gateio`>, T>> &
  Readonly<Partial<Record<Key, T>>>;

export function venueOf(name: VenueName): Venue {
  return VENUES[name];
}

export function connectorOf(name: VenueName): ConnectorName {
  return `connector-${name}`;
}

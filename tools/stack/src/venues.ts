import { connectorOf as connectorOfVenue } from '@sluice/messages';

/** One venue of the local stack: its connector is a process of its own (`connectorOf`). */
export interface Venue {
  /** As people write it. */
  readonly title: string;
  /** The endpoints of its rate plan, which `--fast` sets wide. */
  readonly endpoints: readonly string[];
  /** It runs in every start and comes up before the others; one venue does, the first. */
  readonly always?: true;
  /** Its other side are chains: nodes of this machine, and elsewhere those that `EVM_CHAINS_FILE` names. */
  readonly isChains?: true;
  /** What its connector calls, as `ServiceSpec` has it. */
  readonly needs?: Readonly<Record<string, string>>;
}

/** A venue that the simulator plays. */
export interface SimulatedVenue extends Venue {
  /** Variables of the connector, each with the field of `GET /_sim/credentials` that it is given. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Below which path of the simulator its API begins. */
  readonly basePath?: string;
  /** What the simulator always hands out, for containers, whose settings are fixed before anything runs. Opens nothing else. */
  readonly simulatedKeys: Readonly<Record<string, string>>;
  /** Settings of the simulator at each start, beside times and limits; `connectorUrl` is where the connector listens. */
  readonly settings?: (connectorUrl: string) => object;
}

/**
 * Every venue that is simulated here. Adding one is an entry: its database, role, ports, processes, endpoints and the variable of an existing
 * database (`DATABASE_URL_CONNECTOR_<NAME>`) follow from the name. The demo goes through them in this order.
 */
const SIMULATED = {
  gateio: {
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
    simulatedKeys: {
      api_key: '155b74ead7af2eb310db3b05689832761b154e00',
      api_secret: 'b08c44a5f996250dabf7319c3a6d185f85a4c5d905d51716b100f793e9de2d06',
      memo: 'sluice #main',
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
    simulatedKeys: {
      api_key: '45718df1ddebb00dd0',
      api_secret: '755cff299e075ac7797533c7f1b0fd9726e3',
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
    simulatedKeys: {
      client_id: 'b967f9ec-8803-46c3-814c-a0951a97e619',
      client_secret: 'VLxKi8dE4uLNbAwez7EIl3sHntkLqYDsVg9ID96L2AY',
      // The second key of the simulator's client; write-env.mjs derives it, so that no private key stands here.
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
  },
} as const satisfies Readonly<Record<string, SimulatedVenue>>;

/** All of them, with those whose other side is real here as well. */
const VENUES = {
  ...SIMULATED,
  wallet: {
    title: 'our own wallet',
    endpoints: [],
    isChains: true,
    needs: { SIGNER_URL: 'signer' },
  },
} as const satisfies Readonly<Record<string, Venue>>;

export type SimulatedName = keyof typeof SIMULATED;
export type VenueName = keyof typeof VENUES;
/** The wallet speaks to chains of one family, and its connector is named after them. */
type ConnectorOf<Name extends VenueName> = Name extends 'wallet'
  ? 'connector-evm'
  : `connector-${Name}`;
export type ConnectorName = ConnectorOf<VenueName>;
/** A connector that calls another service. */
export type CallingConnector = {
  [Name in VenueName]: (typeof VENUES)[Name] extends { needs: object } ? ConnectorOf<Name> : never;
}[VenueName];
/** The venue that runs in every start. */
export type FirstVenue = {
  [Name in SimulatedName]: (typeof SIMULATED)[Name] extends { always: true } ? Name : never;
}[SimulatedName];

const FIRST: FirstVenue = 'gateio';
export const SIMULATED_NAMES: readonly [FirstVenue, ...SimulatedName[]] = [
  FIRST,
  ...(Object.keys(SIMULATED) as SimulatedName[]).filter((name) => name !== FIRST),
];
export const VENUE_NAMES = Object.keys(VENUES) as readonly VenueName[];

export function venueOf(name: VenueName): Venue {
  return VENUES[name];
}

export function simulatedOf(name: SimulatedName): SimulatedVenue {
  return SIMULATED[name];
}

export function isSimulated(name: VenueName): name is SimulatedName {
  return name in SIMULATED;
}

/** The process that pays there. */
export function connectorOf<Name extends VenueName>(name: Name): ConnectorOf<Name> {
  return connectorOfVenue(name) as ConnectorOf<Name>;
}

/** Whose connector this is; undefined for a service that is none. */
export function venueOfConnector(service: string): VenueName | undefined {
  return VENUE_NAMES.find((venue) => connectorOf(venue) === service);
}

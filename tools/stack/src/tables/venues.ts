import { connectorOf as connectorOfVenue } from '@sluice/messages';

/** A venue of the local stack; the connector is a separate process (`connectorOf`). */
export interface Venue {
  /** Display name. */
  readonly title: string;
  /** Endpoints of the venue's rate plan; `--fast` raises the limits. */
  readonly endpoints: readonly string[];
  /** True for the venue running in every start, before the others. Exactly the first venue. */
  readonly always?: true;
  /**
   * True if the venue's counterpart are chains: local nodes on this machine, otherwise the nodes
   * listed in `EVM_CHAINS_FILE`.
   */
  readonly isChains?: true;
  /** Services called by the connector, in the format of `ServiceSpec`. */
  readonly needs?: Readonly<Record<string, string>>;
}

/** A venue played by the simulator. */
export interface SimulatedVenue extends Venue {
  /** Variables of the connector, each with the source field of `GET /_sim/credentials`. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Path prefix of the venue's API at the simulator. */
  readonly basePath?: string;
  /**
   * Fixed credentials of the simulator, for containers with settings fixed before the start. The
   * credentials give no access to other systems.
   */
  readonly simulatedKeys: Readonly<Record<string, string>>;
  /** Settings of the simulator at each start, beside times and limits; `connectorUrl` is where the connector listens. */
  readonly settings?: (connectorUrl: string) => object;
}

/**
 * All simulated venues. Adding a venue is an entry. The name determines database, role, ports,
 * processes, endpoints and the variable of an existing database (`DATABASE_URL_CONNECTOR_<NAME>`).
 * The demo visits the venues in this order.
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
    // the address book of a demo would be a list of the demo's recipients
    settings: () => ({ saved_addresses_only: false }),
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
  },
} as const satisfies Readonly<Record<string, SimulatedVenue>>;

/** All venues, including venues with a real counterpart on this machine. */
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
/**
 * Name of a venue's connector. The wallet uses chains of a single family, and the connector is
 * named after the family.
 */
type ConnectorOf<Name extends VenueName> = Name extends 'wallet'
  ? 'connector-evm'
  : `connector-${Name}`;
export type ConnectorName = ConnectorOf<VenueName>;
/** Name of a connector calling another service. */
export type CallingConnector = {
  [Name in VenueName]: (typeof VENUES)[Name] extends { needs: object } ? ConnectorOf<Name> : never;
}[VenueName];
/** Venue running in every start. */
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

/** Returns the name of the venue's connector process. */
export function connectorOf<Name extends VenueName>(name: Name): ConnectorOf<Name> {
  return connectorOfVenue(name) as ConnectorOf<Name>;
}

/** Returns the venue of a connector; undefined if the service is not a connector. */
export function venueOfConnector(service: string): VenueName | undefined {
  return VENUE_NAMES.find((venue) => connectorOf(venue) === service);
}

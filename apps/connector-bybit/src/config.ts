import { CONNECTOR_SETTINGS } from '@sluice/connector-engine';
import {
  json,
  list,
  readConfig,
  secret,
  text,
  url,
  whole,
  type ConfigOf,
  type Setting,
} from '@sluice/service-shell';
import { readTravelRule, type TravelRule } from './venue/bybit.travel-rule.js';

const WALLETS = ['FUND', 'UTA', 'EARN'];

const SETTINGS = {
  ...CONNECTOR_SETTINGS,
  /** Without /v5. The default is Bybit's test network: real money needs a deliberate setting. */
  baseUrl: url('BYBIT_BASE_URL', 'https://api-testnet.bybit.com'),
  apiKey: text('BYBIT_API_KEY'),
  apiSecret: secret('BYBIT_API_SECRET'),
  /** FUND, UTA, EARN, or several in the order in which they are drained. */
  accountTypes: wallets('BYBIT_ACCOUNT_TYPES', ['FUND']),
  /** How old a request may be at the venue, by its own clock. */
  recvWindowMs: whole('BYBIT_RECV_WINDOW_MS', 5_000),
  /** Answers by recipient: address or UID. */
  travelRule: json<TravelRule>('BYBIT_TRAVEL_RULE', readTravelRule, {
    required: false,
    recipients: {},
  }),
} as const;

export type BybitConfig = ConfigOf<typeof SETTINGS>;

/** Throws one ConfigError that names every fault. */
export function readBybitConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): BybitConfig {
  return readConfig(env, SETTINGS);
}

function wallets(variable: string, fallback: readonly string[]): Setting<readonly string[]> {
  const names = list(variable, fallback);
  return {
    ...names,
    parse: (value) => {
      const types = names.parse(value);
      const strange = types.filter((type) => !WALLETS.includes(type));
      if (types.length === 0 || strange.length > 0)
        throw new Error(`must be some of ${WALLETS.join(', ')}, not ${strange.join(', ')}`);
      return types;
    },
  };
}

import {
  json,
  readConfig,
  secretFile,
  setting,
  text,
  url,
  whole,
  type Environment,
} from '@sluice/config';
import { CONNECTOR_SETTINGS } from '@sluice/connector-engine';
import { readTravelRule, type TravelRule } from './venue/bybit.travel-rule.js';

const WALLETS = ['FUND', 'UTA', 'EARN'];
const NO_TRAVEL_RULE: TravelRule = { required: false, recipients: {} };

export type BybitConfig = ReturnType<typeof bybitConfig>;

/** Throws one ConfigError that names every fault. */
export const bybitConfig = (env: Environment = process.env) =>
  readConfig(env, {
    ...CONNECTOR_SETTINGS,
    /** Without /v5. The default is Bybit's test network: real money needs a deliberate setting. */
    baseUrl: url('BYBIT_BASE_URL', 'https://api-testnet.bybit.com'),
    apiKey: text('BYBIT_API_KEY'),
    apiSecret: secretFile('BYBIT_API_SECRET', { fileInProduction: true }),
    /** FUND, UTA, EARN, or several in the order in which they are drained. */
    accountTypes: setting('BYBIT_ACCOUNT_TYPES', readWallets, ['FUND']),
    /** How old a request may be at the venue, by its own clock. */
    recvWindowMs: whole('BYBIT_RECV_WINDOW_MS', 5_000),
    /** Answers by recipient: address or UID. */
    travelRule: json('BYBIT_TRAVEL_RULE', readTravelRule, NO_TRAVEL_RULE),
  });

function readWallets(value: string): readonly string[] {
  const types = value.split(',').map((type) => type.trim());
  const strange = types.filter((type) => !WALLETS.includes(type));
  if (strange.length > 0)
    throw new Error(`must be some of ${WALLETS.join(', ')}, not ${strange.join(', ')}`);
  return types;
}

import {
  json,
  readConfig,
  secretFile,
  setting,
  venueUrl,
  word,
  type Environment,
} from '@sluice/runtime';
import {
  CONNECTOR_SETTINGS,
  connectorRules,
  refusalLookup,
  tooShortFor,
  venueAccount,
} from '@sluice/connector-engine';
import { BYBIT_RATE_RULES, HONOURED, LISTED } from './venue/bybit.capabilities.js';
import { readTravelRule, type TravelRule } from './venue/bybit.travel-rule.js';

const TEST_NETWORK = 'api-testnet.bybit.com';
/** API hosts; the last hosts belong to regional accounts. */
const HOSTS = [
  TEST_NETWORK,
  'api.bybit.com',
  'api.bytick.com',
  'api.bybit.ae',
  'api.bybit.eu',
  'api.bybit.id',
  'api.bybit.kz',
  'api.bybit.nl',
  'api.bybit.tr',
  'api.bybitgeorgia.ge',
];
const WALLETS = ['FUND', 'UTA', 'EARN'];
const NO_TRAVEL_RULE: TravelRule = { required: false, recipients: {} };

/** Base URL without /v5. Default: the test network, because real money needs a deliberate setting. */
export const BYBIT_BASE_URL = venueUrl('BYBIT_BASE_URL', HOSTS, `https://${TEST_NETWORK}`);

export type BybitConfig = ReturnType<typeof bybitConfig>;

export const bybitConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...CONNECTOR_SETTINGS,
      venueAccount: venueAccount('bybit'),
      refusalLookupAfterMs: refusalLookup(LISTED),
      baseUrl: BYBIT_BASE_URL,
      apiKey: word('BYBIT_API_KEY'),
      apiSecret: secretFile('BYBIT_API_SECRET', { fileInProduction: true }),
      /** FUND, UTA, EARN, or several in the order of use. */
      accountTypes: setting('BYBIT_ACCOUNT_TYPES', readWallets, ['FUND']),
      /** Answers by recipient: address or UID. */
      travelRule: json('BYBIT_TRAVEL_RULE', readTravelRule, NO_TRAVEL_RULE),
    },
    [...connectorRules(BYBIT_RATE_RULES), (given) => tooShortFor(HONOURED, LISTED, given)],
  );

function readWallets(value: string): readonly string[] {
  const types = value.split(',').map((type) => type.trim());
  const strange = types.filter((type) => !WALLETS.includes(type));
  if (strange.length > 0)
    throw new Error(`must be some of ${WALLETS.join(', ')}, not ${strange.join(', ')}`);
  return types;
}

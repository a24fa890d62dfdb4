import {
  constant,
  readConfig,
  secretFile,
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
import { GATEIO_RATE_RULES, HONOURED, LISTED } from './venue/gateio.capabilities.js';

const TEST_NETWORK = 'api-testnet.gateapi.io';
const HOSTS = ['api.gateio.ws', TEST_NETWORK];

/** Includes /api/v4. The default is Gate's test network: real money needs a deliberate setting. */
export const GATEIO_BASE_URL = venueUrl('GATEIO_BASE_URL', HOSTS, `https://${TEST_NETWORK}/api/v4`);

export type GateioConfig = ReturnType<typeof gateioConfig>;

export const gateioConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...CONNECTOR_SETTINGS,
      venueAccount: venueAccount('gateio'),
      refusalLookupAfterMs: refusalLookup(LISTED),
      baseUrl: GATEIO_BASE_URL,
      apiKey: word('GATEIO_API_KEY'),
      apiSecret: secretFile('GATEIO_API_SECRET', { fileInProduction: true }),
      /** A `DONE` without block number settles after this time: a chain has taken it in by then. */
      doneSettlesAfterMs: constant(1_800_000),
    },
    [...connectorRules(GATEIO_RATE_RULES), (given) => tooShortFor(HONOURED, LISTED, given)],
  );

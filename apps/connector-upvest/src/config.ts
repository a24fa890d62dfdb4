import {
  constant,
  readConfig,
  secretFile,
  setting,
  venueUrl,
  word,
  portOrNull,
  type Environment,
  type RuleInput,
} from '@sluice/runtime';
import {
  CONNECTOR_SETTINGS,
  connectorRules,
  refusalLookup,
  tooShortFor,
  venueAccount,
} from '@sluice/connector-engine';
import { readUpvestPrivateKey, readUpvestPublicKey } from '@sluice/signing';
import { HONOURED, LISTED, REPLAY_FOR_MS, UPVEST_RATE_RULES } from './venue/upvest.capabilities.js';

const SANDBOX = 'sandbox.upvest.co';
const HOSTS = ['api.upvest.co', SANDBOX];

export type UpvestConfig = ReturnType<typeof upvestConfig>;

export const upvestConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...CONNECTOR_SETTINGS,
      venueAccount: venueAccount('upvest'),
      refusalLookupAfterMs: refusalLookup(LISTED),
      /** The default is Upvest's sandbox: real money needs a deliberate setting. */
      baseUrl: venueUrl('UPVEST_BASE_URL', HOSTS, `https://${SANDBOX}`),
      clientId: word('UPVEST_CLIENT_ID'),
      clientSecret: secretFile('UPVEST_CLIENT_SECRET', { fileInProduction: true }),
      keyId: word('UPVEST_KEY_ID'),
      /** PEM of the P-521 or Ed25519 private key; `\n` is accepted in place of line ends. */
      privateKey: secretFile('UPVEST_PRIVATE_KEY', {
        fileInProduction: true,
        parse: readPrivateKey,
      }),
      /** PEM of the webhook key. Default: null, webhooks are not served, and polling is enough. */
      webhookPublicKey: setting<string | null>('UPVEST_WEBHOOK_PUBLIC_KEY', readPublicKey, null),
      /** Separate port for webhooks only; default: null, webhooks are served at PORT. */
      publicPort: portOrNull('UPVEST_WEBHOOK_PORT'),
      replayForMs: constant(REPLAY_FOR_MS),
    },
    [
      ...connectorRules(UPVEST_RATE_RULES),
      (given) => tooShortFor(HONOURED, LISTED, given),
      webhooksAtAdminPort,
    ],
  );

interface Ports {
  readonly nodeEnv: string;
  readonly port: number;
  readonly publicPort: number | null;
  readonly webhookPublicKey: string | null;
}

/** Webhooks arrive over the internet, from which the admin API must not be reachable. */
function webhooksAtAdminPort({ config }: RuleInput<Ports>): readonly string[] {
  const { nodeEnv, port, publicPort, webhookPublicKey } = config;
  if (typeof publicPort === 'number')
    return publicPort === port ? ['UPVEST_WEBHOOK_PORT must differ from PORT'] : [];
  return nodeEnv === 'production' && typeof webhookPublicKey === 'string'
    ? ['UPVEST_WEBHOOK_PORT is missing: production serves webhooks apart from the admin API']
    : [];
}

function readPrivateKey(value: string): string {
  return checked(value, readUpvestPrivateKey);
}

function readPublicKey(value: string): string {
  return checked(value, readUpvestPublicKey);
}

/** Validates a PEM key. The error text never contains the key. */
function checked(value: string, read: (pem: string) => unknown): string {
  const pem = value.replaceAll('\\n', '\n');
  try {
    read(pem);
  } catch {
    throw new Error('must be an EC or Ed25519 key in PEM');
  }
  return pem;
}

import {
  readConfig,
  secretFile,
  setting,
  text,
  url,
  whole,
  type Environment,
} from '@sluice/config';
import { CONNECTOR_SETTINGS } from '@sluice/connector-engine';
import { readUpvestPrivateKey, readUpvestPublicKey } from '@sluice/signing';
import { REPLAY_FOR_MS } from './venue/upvest.capabilities.js';

export type UpvestConfig = ReturnType<typeof upvestConfig>;

/** Throws one ConfigError that names every fault. */
export const upvestConfig = (env: Environment = process.env) =>
  readConfig(env, {
    ...CONNECTOR_SETTINGS,
    /** The default is Upvest's sandbox: real money needs a deliberate setting. */
    baseUrl: url('UPVEST_BASE_URL', 'https://sandbox.upvest.co'),
    clientId: text('UPVEST_CLIENT_ID'),
    clientSecret: secretFile('UPVEST_CLIENT_SECRET', { fileInProduction: true }),
    keyId: text('UPVEST_KEY_ID'),
    /** PEM of the P-521 or Ed25519 key behind the key id; `\n` may stand for the ends of its lines. */
    privateKey: secretFile('UPVEST_PRIVATE_KEY', { fileInProduction: true, parse: readPrivateKey }),
    scopes: text('UPVEST_SCOPES', 'payments:admin payments:read'),
    /** PEM of the key that signs webhooks. Without it webhooks are not served; polling is enough. */
    webhookPublicKey: setting<string | null>('UPVEST_WEBHOOK_PUBLIC_KEY', readPublicKey, null),
    /** Keep it below the 24 hours for which Upvest remembers a key. */
    replayForMs: whole('UPVEST_REPLAY_FOR_MS', REPLAY_FOR_MS),
    concurrency: whole('SUBMIT_CONCURRENCY', 32),
  });

function readPrivateKey(value: string): string {
  return checked(value, readUpvestPrivateKey);
}

function readPublicKey(value: string): string {
  return checked(value, readUpvestPublicKey);
}

/** The key is never part of what is said about it. */
function checked(value: string, read: (pem: string) => unknown): string {
  const pem = value.replaceAll('\\n', '\n');
  try {
    read(pem);
  } catch {
    throw new Error('must be an EC or Ed25519 key in PEM');
  }
  return pem;
}

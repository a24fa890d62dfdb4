import {
  choice,
  json,
  pemFile,
  PROXY_SETTINGS,
  secretFile,
  setting,
  text,
  url,
  Secret,
  type ConfigOf,
} from '@sluice/runtime';
import { readPublicKeys } from './service-keys.js';

/** Issuer of people's tokens, and the services with access. */
export const CALLER_SETTINGS = {
  nodeEnv: choice('NODE_ENV', ['production', 'development', 'test'], 'development'),
  /** Exact value of the `iss` claim. */
  oidcIssuer: { ...setting('OIDC_ISSUER', issuer), inProduction: unsafe },
  /** CA required for the issuer's certificate; believed at no other server. */
  oidcCaFile: pemFile('OIDC_CA_FILE'),
  oidcAudience: text('OIDC_AUDIENCE', 'sluice'),
  /** URL of the issuer's key set. Default: the URL in the issuer's discovery document. */
  oidcJwksUrl: { ...url('OIDC_JWKS_URL', ''), inProduction: unsafe },
  /** The claim with the roles; a dot leads into an object. */
  oidcRolesClaim: text('OIDC_ROLES_CLAIM', 'roles'),
  /**
   * Clients of the issuer whose token alone takes part in decisions of two people. **A thief of two
   * people's tokens of such a client approves payments, credits money and lifts halts.**
   */
  clientsWithoutPasskey: json('CLIENTS_WITHOUT_PASSKEY', clientNames, ['sluice-cli']),
  /** Public keys of each service allowed to call this service. */
  serviceCallers: secretFile('SERVICE_CALLERS', { parse: checked }, new Secret('{}')),
  ...PROXY_SETTINGS,
} as const;

export type CallerSettings = ConfigOf<typeof CALLER_SETTINGS>;

function issuer(value: string): string {
  if (!URL.canParse(value)) throw new Error('must be a URL');
  return value;
}

/** An empty name would be the client of a token that names none. */
function clientNames(value: unknown): readonly string[] {
  const isName = (one: unknown): one is string => typeof one === 'string' && one !== '';
  if (Array.isArray(value) && value.every(isName)) return value;
  throw new Error('must be a JSON list of names of clients such as ["sluice-cli"]');
}

function checked(value: string): string {
  readPublicKeys(value);
  return value;
}

/**
 * Rejects an issuer without TLS, which an attacker could replace, except a local one in
 * development.
 */
function unsafe(value: string): string | undefined {
  return new URL(value).protocol === 'https:'
    ? undefined
    : 'must begin with https:// in production';
}

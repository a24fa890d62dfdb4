import { choice, secretFile, setting, text, url, Secret, type ConfigOf } from '@sluice/config';
import { readPublicKeys } from './service-keys.js';

/** Who may call: the issuer of people's tokens, and the services that call this one. */
export const CALLER_SETTINGS = {
  nodeEnv: choice('NODE_ENV', ['production', 'development', 'test'], 'development'),
  /** Exactly as it stands in `iss`. */
  oidcIssuer: { ...setting('OIDC_ISSUER', issuer), inProduction: unsafe },
  oidcAudience: text('OIDC_AUDIENCE', 'sluice'),
  /** Where it publishes its keys; from its discovery document unless told. */
  oidcJwksUrl: { ...url('OIDC_JWKS_URL', ''), inProduction: unsafe },
  /** The claim with the roles; a dot leads into an object. */
  oidcRolesClaim: text('OIDC_ROLES_CLAIM', 'roles'),
  /** The public keys of each service that may call this one. */
  serviceCallers: secretFile('SERVICE_CALLERS', { parse: checked }, new Secret('{}')),
} as const;

export type CallerSettings = ConfigOf<typeof CALLER_SETTINGS>;

function issuer(value: string): string {
  if (!URL.canParse(value)) throw new Error('must be a URL');
  return value;
}

function checked(value: string): string {
  readPublicKeys(value);
  return value;
}

/** Of an issuer that others on the way could answer for, as the local one of a developer's machine. */
function unsafe(value: string): string | undefined {
  return new URL(value).protocol === 'https:'
    ? undefined
    : 'must begin with https:// in production';
}

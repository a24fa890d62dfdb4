import {
  choice,
  ConfigError,
  secretFile,
  setting,
  text,
  url,
  Secret,
  type ConfigOf,
} from '@sluice/config';
import { readPublicKeys } from './service-keys.js';

/** Who may call: the issuer of people's tokens, and the services that call this one. */
export const CALLER_SETTINGS = {
  nodeEnv: choice('NODE_ENV', ['production', 'development', 'test'], 'development'),
  /** Exactly as it stands in `iss`. */
  oidcIssuer: setting('OIDC_ISSUER', (value) => {
    if (!URL.canParse(value)) throw new Error('must be a URL');
    return value;
  }),
  oidcAudience: text('OIDC_AUDIENCE', 'sluice'),
  /** Where it publishes its keys; from its discovery document unless told. */
  oidcJwksUrl: url('OIDC_JWKS_URL', ''),
  /** The claim with the roles; a dot leads into an object. */
  oidcRolesClaim: text('OIDC_ROLES_CLAIM', 'roles'),
  /** The public keys of each service that may call this one. */
  serviceCallers: secretFile('SERVICE_CALLERS', { parse: checked }, new Secret('{}')),
} as const;

export type CallerSettings = ConfigOf<typeof CALLER_SETTINGS>;

function checked(value: string): string {
  readPublicKeys(value);
  return value;
}

/** Throws a ConfigError in production for an issuer that others on the way could answer for, as the local one of a developer's machine. */
export function requireSafeIssuer({ nodeEnv, oidcIssuer, oidcJwksUrl }: CallerSettings): void {
  if (nodeEnv !== 'production') return;
  for (const [variable, value] of Object.entries({
    OIDC_ISSUER: oidcIssuer,
    OIDC_JWKS_URL: oidcJwksUrl,
  })) {
    if (value !== '' && new URL(value).protocol !== 'https:')
      throw new ConfigError(`configuration: ${variable} must begin with https:// in production`);
  }
}

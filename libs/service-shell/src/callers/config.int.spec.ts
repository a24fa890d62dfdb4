import { newServiceKey } from '@sluice/test-servers';
import { settingsOf } from './testkit/refusal.js';

const INTAKE = newServiceKey();

describe('the settings of callers', () => {
  it.each<[string, string]>([
    ['{"intake-api":[]', 'SERVICE_CALLERS must be JSON'],
    ['[]', 'SERVICE_CALLERS must be a JSON object of services'],
    [
      `{"intake-api":[${INTAKE.privateKey}]}`,
      'SERVICE_CALLERS has a private key of intake-api: it belongs to that service alone',
    ],
    [
      '{"intake-api":[{"kty":"RSA","kid":"1"}]}',
      'SERVICE_CALLERS must have Ed25519 keys with a kid as JSON Web Keys for intake-api',
    ],
  ])('refuse %s, and never print it', (SERVICE_CALLERS, message) => {
    const read = () => settingsOf('https://issuer.example', { SERVICE_CALLERS });
    expect(read).toThrow(message);
    expect(read).not.toThrow(String(JSON.parse(INTAKE.privateKey).d));
  });

  it.each<[Record<string, string>, string]>([
    [{ OIDC_ISSUER: 'http://127.0.0.1:8088' }, 'OIDC_ISSUER must begin with https://'],
    [{ OIDC_JWKS_URL: 'http://issuer/keys' }, 'OIDC_JWKS_URL must begin with https://'],
  ])('take no issuer in production that others could answer for: %j', (env, message) => {
    const read = (NODE_ENV: string) => settingsOf('https://issuer.example', { NODE_ENV, ...env });
    expect(() => read('production')).toThrow(message);
    expect(() => read('development')).not.toThrow();
  });
});

import { testMessageKeysText } from '@sluice/test-kit';
import { consoleConfig } from './config.js';

const SECRET = 'hush-hush-hush';
const ENV = {
  PORT: '1',
  INTERNAL_PORT: '2',
  DATABASE_URL: 'postgres://a:b@127.0.0.1/c',
  OIDC_ISSUER: 'http://127.0.0.1:1',
  OIDC_CLIENT_ID: 'sluice-console',
  OIDC_CLIENT_SECRET: SECRET,
  MESSAGE_KEYS: testMessageKeysText('console'),
  SESSIONS_KEK: Buffer.alloc(32, 'kek').toString('base64'),
  CONSOLE_URL: 'http://localhost:8103/',
  SERVICES: '{"ledger":"http://127.0.0.1:8082/"}',
};

describe('the settings of the console', () => {
  it('name the services and the client, with safe defaults', () => {
    expect(consoleConfig(ENV)).toMatchObject({
      brokers: [],
      consoleUrl: 'http://localhost:8103',
      services: { ledger: 'http://127.0.0.1:8082' },
      traceUrl: '',
      oidcScopes: ['openid'],
      sessionIdleMs: 900_000,
      sessionLifeMs: 28_800_000,
    });
  });

  it.each([
    'https://traces.example/trace/{trace_id}?view=all',
    'http://localhost:16686/trace/{trace_id}',
    'http://127.0.0.1:16686/#/{trace_id}',
  ])('may name a page of traces: %s', (traceUrl) =>
    expect(consoleConfig({ ...ENV, TRACE_URL: traceUrl }).traceUrl).toBe(traceUrl),
  );

  it.each<[string, object, string]>([
    ['a Kafka', { KAFKA_BROKERS: 'kafka:9092' }, 'the console speaks to no Kafka'],
    ['one port for both', { INTERNAL_PORT: '1' }, 'INTERNAL_PORT must differ from PORT'],
    ['no client', { OIDC_CLIENT_ID: '' }, 'OIDC_CLIENT_ID'],
    ['no secret of the client', { OIDC_CLIENT_SECRET: '' }, 'OIDC_CLIENT_SECRET'],
    ['no key of the sessions', { SESSIONS_KEK: '' }, 'SESSIONS_KEK'],
    ['a path in its address', { CONSOLE_URL: 'http://localhost:1/x' }, 'CONSOLE_URL must be http'],
    [
      'an address without TLS',
      { CONSOLE_URL: 'http://127.0.0.1:1' },
      'CONSOLE_URL must begin with https://',
    ],
    ['localhost in production', { NODE_ENV: 'production' }, 'CONSOLE_URL must begin with https://'],
    [
      'a service without TLS in production',
      { NODE_ENV: 'production', SERVICES: '{"ledger":"http://ledger:8080"}' },
      'SERVICES: ledger must begin with https:// in production',
    ],
    [
      'an admin API open to browsers in production',
      { NODE_ENV: 'production', HOST: '0.0.0.0' },
      'INTERNAL_HOST is missing',
    ],
    ['no services', { SERVICES: '{}' }, 'SERVICES must name at least one service'],
    ['services that are no object', { SERVICES: '[]' }, 'SERVICES must be a JSON object'],
    ['a service of no name', { SERVICES: '{"../x":"http://a"}' }, 'a name that is no service name'],
    [
      'a service with a path',
      { SERVICES: '{"ledger":"http://a/b"}' },
      'SERVICES ledger: must be http',
    ],
    [
      'a page of traces without the id',
      { TRACE_URL: 'https://traces.example/' },
      'TRACE_URL must be',
    ],
    [
      'an id in the host of a page of traces',
      { TRACE_URL: 'https://{trace_id}.example/' },
      'TRACE_URL must be an address with {trace_id} once, after its host',
    ],
    ['a script', { TRACE_URL: 'javascript:alert(1)//{trace_id}' }, 'TRACE_URL must be an address'],
    [
      'a page of traces without TLS',
      { TRACE_URL: 'http://traces.example/{trace_id}' },
      'TRACE_URL must begin with https://',
    ],
    [
      'a password in the page of traces',
      { TRACE_URL: 'https://a:b@traces.example/{trace_id}' },
      'TRACE_URL must have no user name',
    ],
    ['a login without OpenID', { OIDC_SCOPES: 'profile' }, 'OIDC_SCOPES must contain openid'],
    [
      'its own client among those that need no passkey',
      { CLIENTS_WITHOUT_PASSKEY: '["sluice-cli","sluice-console"]' },
      'CLIENTS_WITHOUT_PASSKEY must not contain sluice-console',
    ],
    ['a session of two days', { SESSION_LIFE_MS: '172800000' }, 'SESSION_LIFE_MS must be at most'],
    [
      'an idle time beyond the life',
      { SESSION_IDLE_MS: '28800001' },
      'SESSION_IDLE_MS must be at most',
    ],
  ])('do not start with %s', (_what, change, sentence) => {
    expect(() => consoleConfig({ ...ENV, ...change })).toThrow(sentence);
  });

  it('show no secret when they are printed', () => {
    const printed = JSON.stringify(consoleConfig(ENV));

    expect(printed).not.toContain(SECRET);
    expect(printed).not.toContain(ENV.SESSIONS_KEK);
  });
});

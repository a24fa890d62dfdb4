import { readConfig, Secret } from '@sluice/runtime';
import {
  KAFKA_RULES,
  KAFKA_SETTINGS,
  kafkaLoginName,
  kafkaSecurityOf,
  type KafkaConnectionSettings,
} from './kafka-settings.js';

type Config = Partial<KafkaConnectionSettings & { nodeEnv: string }>;

const faultsOf = (config: Config) =>
  KAFKA_RULES.flatMap((rule) => rule({ config, env: {}, variables: [] }));
const read = (env: Record<string, string>) =>
  readConfig({ KAFKA_BROKERS: 'kafka:9092', ...env }, KAFKA_SETTINGS);

const ABROAD: Config = { brokers: ['kafka:9093'] };
const PRODUCTION: Config = { ...ABROAD, nodeEnv: 'production', kafkaCaFile: 'ca.pem' };
const LOGIN: Config = { kafkaUsername: 'ledger', kafkaPassword: new Secret('p') };
const CLIENT: Config = {
  kafkaMechanism: 'oauthbearer',
  kafkaTokenUrl: 'https://login.example/token/',
  kafkaUsername: 'ledger',
  kafkaPassword: new Secret('s'),
};

describe('KAFKA_SETTINGS', () => {
  it('default to SCRAM-SHA-512 without TLS and prefix', () => {
    expect(kafkaSecurityOf(read({}))).toEqual({ login: null, tls: null });
    const settings = read({ KAFKA_USERNAME: 'ledger', KAFKA_PASSWORD: 'p' });
    expect(settings.kafkaPrefix).toBe('');
    expect(kafkaLoginName(settings)).toBe('ledger');
    expect(kafkaSecurityOf(settings)).toEqual({
      login: { mechanism: 'scram-sha-512', username: 'ledger', password: 'p' },
      tls: null,
    });
  });

  it('describe a token login, and TLS with public CAs', () => {
    const settings = read({
      KAFKA_SASL_MECHANISM: 'oauthbearer',
      KAFKA_OAUTH_TOKEN_URL: 'https://login.example/token/',
      KAFKA_USERNAME: 'ledger',
      KAFKA_PASSWORD: 's',
      KAFKA_OAUTH_SCOPE: 'kafka',
      KAFKA_TLS: 'true',
    });
    expect(kafkaSecurityOf(settings)).toEqual({
      login: {
        mechanism: 'oauthbearer',
        tokenUrl: 'https://login.example/token/',
        clientId: 'ledger',
        clientSecret: 's',
        scope: 'kafka',
        caFile: null,
      },
      tls: { caFile: null, client: null },
    });
    expect(kafkaLoginName(settings)).toBe('ledger');
    expect(kafkaLoginName({ ...settings, kafkaMechanism: 'none' })).toBeNull();
  });

  it.each([
    [{ KAFKA_PREFIX: 'Test.' }, 'KAFKA_PREFIX must be at most 50 characters of a-z'],
    [{ KAFKA_PREFIX: 'a'.repeat(51) }, 'KAFKA_PREFIX must be at most 50 characters of a-z'],
    [{ KAFKA_PREFIX: 'downstream-x.' }, 'KAFKA_PREFIX must not begin with downstream-'],
    [{ KAFKA_SASL_MECHANISM: 'gssapi' }, 'KAFKA_SASL_MECHANISM must be scram-sha-512 or'],
    [{ KAFKA_OAUTH_TOKEN_URL: 'file:/a' }, 'KAFKA_OAUTH_TOKEN_URL must be an http or https URL'],
    [{ KAFKA_TLS_CA_FILE: 'nowhere.pem' }, 'KAFKA_TLS_CA_FILE names a file that cannot be read'],
  ])('%j is refused', (env, fault) => {
    expect(() => read(env)).toThrow(fault);
  });
});

describe('KAFKA_RULES', () => {
  it.each<[string, Config]>([
    ['a login', { ...PRODUCTION, ...LOGIN, kafkaMechanism: 'scram-sha-256' }],
    ['a password over TLS', { ...PRODUCTION, ...LOGIN, kafkaMechanism: 'plain' }],
    ['a token over TLS', { ...PRODUCTION, ...CLIENT }],
    ['a public CA', { ...PRODUCTION, ...LOGIN, kafkaCaFile: null, kafkaTls: true }],
    [
      'a client certificate',
      { ...PRODUCTION, kafkaMechanism: 'none', kafkaCertFile: 'c', kafkaKeyFile: 'k' },
    ],
    ['a password on this machine', { ...LOGIN, brokers: ['[::1]:9092'], kafkaMechanism: 'plain' }],
  ])('accept %s', (_what, config) => {
    expect(faultsOf(config)).toEqual([]);
  });

  it.each<[string, Config]>([
    ['KAFKA_USERNAME and KAFKA_PASSWORD belong together', { kafkaUsername: 'ledger' }],
    [
      'KAFKA_USERNAME and KAFKA_PASSWORD belong together',
      { kafkaUsername: null, kafkaPassword: new Secret('p') },
    ],
    ['KAFKA_USERNAME is missing: in production', { ...PRODUCTION, kafkaUsername: null }],
    ['KAFKA_SASL_MECHANISM=none needs', { ...PRODUCTION, kafkaMechanism: 'none' }],
    [
      'KAFKA_USERNAME and KAFKA_PASSWORD do not belong to KAFKA_SASL_MECHANISM=none',
      { ...LOGIN, kafkaMechanism: 'none' },
    ],
    [
      'KAFKA_SASL_MECHANISM=oauthbearer also needs KAFKA_OAUTH_TOKEN_URL, KAFKA_USERNAME, KAFKA_PASSWORD',
      { kafkaMechanism: 'oauthbearer', kafkaUsername: null },
    ],
    [
      'KAFKA_SASL_MECHANISM=plain needs TLS: without TLS',
      { ...ABROAD, ...LOGIN, kafkaMechanism: 'plain' },
    ],
    ['KAFKA_SASL_MECHANISM=oauthbearer needs TLS', { ...ABROAD, ...CLIENT }],
    [
      'KAFKA_OAUTH_TOKEN_URL must begin with https:// in production',
      { ...PRODUCTION, ...CLIENT, kafkaTokenUrl: 'http://login.example' },
    ],
    ['KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE belong together', { kafkaCertFile: 'c' }],
    ['KAFKA_TLS_CERT_FILE needs TLS', { kafkaCertFile: 'c', kafkaKeyFile: 'k' }],
    ['KAFKA_TLS_CA_FILE is missing: in production', { ...PRODUCTION, kafkaCaFile: null }],
  ])('%s', (fault, config) => {
    expect(faultsOf(config)).toContainEqual(expect.stringContaining(fault));
  });
});

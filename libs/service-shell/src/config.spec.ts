import { inspect } from 'node:util';
import {
  ConfigError,
  json,
  list,
  readConfig,
  Secret,
  secret,
  SERVICE_SETTINGS,
  text,
  url,
  whole,
} from './config.js';

const SCHEMA = {
  port: whole('PORT'),
  brokers: list('KAFKA_BROKERS'),
  key: secret('API_KEY'),
  level: text('LOG_LEVEL', 'info'),
  base: url('BASE_URL', 'http://a'),
};
const ENV = {
  PORT: '80',
  KAFKA_BROKERS: 'a:1, b:2',
  API_KEY: 'hush',
  BASE_URL: 'https://venue.example/api/v4/',
};

describe('readConfig', () => {
  it('reads every field and fills in defaults', () => {
    const config = readConfig(ENV, SCHEMA);
    expect({ ...config, key: config.key.reveal() }).toEqual({
      port: 80,
      brokers: ['a:1', 'b:2'],
      key: 'hush',
      level: 'info',
      base: 'https://venue.example/api/v4',
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names every fault at once', () => {
    const read = () => readConfig({ PORT: '8o', BASE_URL: 'nowhere' }, SCHEMA);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(
      'configuration: PORT must be a whole number; KAFKA_BROKERS is missing; API_KEY is missing; BASE_URL must be a URL',
    );
  });

  it('refuses to keep records of money for too short a time, and says why', () => {
    const { retentionDays } = SERVICE_SETTINGS;
    expect(readConfig({}, { retentionDays })).toEqual({ retentionDays: 400 });
    expect(readConfig({ RETENTION_DAYS: '30' }, { retentionDays })).toEqual({ retentionDays: 30 });
    expect(() => readConfig({ RETENTION_DAYS: '29' }, { retentionDays })).toThrow(
      'RETENTION_DAYS must be at least 30: a row must outlive its messages',
    );
  });

  it('takes a word that is known, and names those that are', () => {
    const { recordCodec } = SERVICE_SETTINGS;
    expect(readConfig({}, { recordCodec })).toEqual({ recordCodec: 'ours' });
    expect(readConfig({ KAFKA_RECORD_CODEC: 'kafkajs' }, { recordCodec })).toEqual({
      recordCodec: 'kafkajs',
    });
    expect(() => readConfig({ KAFKA_RECORD_CODEC: 'theirs' }, { recordCodec })).toThrow(
      'KAFKA_RECORD_CODEC must be ours or kafkajs',
    );
  });

  it('does not print a secret, whichever way it is asked', () => {
    const value = new Secret('hush');
    expect(
      [`${value}`, JSON.stringify({ value }), inspect(value, { showHidden: true })].join(' '),
    ).not.toContain('hush');
  });

  it('reports broken JSON as a fault of the variable', () => {
    expect(() => readConfig({ PLAN: '{' }, { plan: json('PLAN', (value) => value) })).toThrow(
      'configuration: PLAN ',
    );
  });
});

import { inspect } from 'node:util';
import { constant, testValues } from './constant.js';
import { misspeltVariables } from './misspelt.js';
import { ConfigError, readConfig } from './read-config.js';
import { Secret } from './secret.js';
import {
  atLeast,
  flag,
  json,
  list,
  secretFile,
  text,
  url,
  whole,
  wholeOrNull,
} from './settings.js';

const SCHEMA = {
  port: whole('PORT'),
  brokers: list('KAFKA_BROKERS'),
  key: secretFile('API_KEY'),
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

  it.each<[string, object]>([
    ['30', { days: 30 }],
    ['', { days: 400 }],
  ])('takes a whole number that is not too low, or the default: "%s"', (DAYS, config) => {
    expect(readConfig({ DAYS }, { days: atLeast('DAYS', 30, 'so it is', 400) })).toEqual(config);
  });

  it('refuses a low number with a reason', () => {
    expect(() =>
      readConfig({ DAYS: '29' }, { days: atLeast('DAYS', 30, 'so it is', 400) }),
    ).toThrow('configuration: DAYS must be at least 30: so it is');
  });

  it('takes true or false for a flag and nothing else', () => {
    const schema = { on: flag('ON', true), none: wholeOrNull('NONE') };
    expect(readConfig({ ON: 'false' }, schema)).toEqual({ on: false, none: null });
    expect(() => readConfig({ ON: 'yes' }, schema)).toThrow('ON must be true or false');
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

describe('a constant', () => {
  const schema = { pauseMs: constant(60_000), otherMs: constant(5) };
  const TESTS = testValues({ pauseMs: 10, unknownMs: 1 });

  it('has another number only in a process under test', () => {
    expect(readConfig({ PAUSE_MS: '1' }, schema)).toEqual({ pauseMs: 60_000, otherMs: 5 });
    expect(readConfig(TESTS, schema)).toEqual({ pauseMs: 10, otherMs: 5 });
  });

  it('refuses the numbers of tests in production', () => {
    expect(() => readConfig({ ...TESTS, NODE_ENV: 'production' }, schema)).toThrow(
      'configuration: SLUICE_TEST_VALUES is for tests, and refused in production',
    );
  });
});

describe('a variable that nearly is one of ours', () => {
  const read = (env: Record<string, string>): unknown =>
    readConfig(
      env,
      { wait: whole('SUBMIT_TIMEOUT_MS', 1), port: whole('PORT', 1), name: text('HOST', '') },
      [misspeltVariables],
    );

  it.each(['SUBMIT_TIMEOUT', 'SUBMIT_TIMOUT_MS', 'SUBMIT_TIMEOUT_S', 'submit_timeout_ms'])(
    'is refused with a hint: %s',
    (name) => {
      expect(() => read({ [name]: '5' })).toThrow(
        `configuration: ${name} is not known; did you mean SUBMIT_TIMEOUT_MS?`,
      );
    },
  );

  it.each(['SUBMIT_TIMEOUT_MS', 'SUBMIT_TIMEOUT_MS_FILE', 'HOSTNAME', 'SORT', 'LEDGER_PORT'])(
    'is not %s, a known name or an unlikely mistake',
    (name) => {
      expect(read({ [name]: '5' })).toBeDefined();
    },
  );
});

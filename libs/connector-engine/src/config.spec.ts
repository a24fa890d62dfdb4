import { readConfig } from '@sluice/runtime';
import {
  BUILT_IN_BOUND,
  CONNECTOR_SETTINGS,
  connectorRules,
  honouredBy,
  refusalLookup,
  tooShortFor,
  venueAccount,
} from './config.js';

const VENUE = { forMs: 120_000, source: 'the manual' };
const LISTED = { withinMs: 35_000, source: 'unconfirmed' };
const { nodeEnv, honouredForMs, absenceAfterMs, ratePlan, fastFailoverExposureEur } =
  CONNECTOR_SETTINGS;

describe('HONOURED_FOR_MS', () => {
  const read = (env: Record<string, string>): unknown =>
    readConfig(env, { nodeEnv, honouredForMs, absenceAfterMs }, [
      ({ config }) => tooShortFor(VENUE, LISTED, { config, env, variables: [] }),
    ]);

  it('is the bound of the venue unless it is set', () => {
    expect(honouredBy(VENUE, BUILT_IN_BOUND)).toEqual(VENUE);
    expect(honouredBy(VENUE, { honouredForMs: 180_000 }).forMs).toBe(180_000);
  });

  it('can be longer anywhere, and shorter outside of production only', () => {
    read({ NODE_ENV: 'production', HONOURED_FOR_MS: '180000' });
    read({ NODE_ENV: 'test', HONOURED_FOR_MS: '1000', ABSENCE_AFTER_MS: '10' });
    expect(() => read({ NODE_ENV: 'production', HONOURED_FOR_MS: '119999' })).toThrow(
      'configuration: HONOURED_FOR_MS must be at least 120000 in production: the manual',
    );
  });

  it('is the least that ABSENCE_AFTER_MS may be in production', () => {
    expect(() =>
      read({ NODE_ENV: 'production', HONOURED_FOR_MS: '180000', ABSENCE_AFTER_MS: '179999' }),
    ).toThrow('ABSENCE_AFTER_MS must be at least 180000 in production');
  });
});

describe('REFUSAL_LOOKUP_AFTER_MS', () => {
  const read = (env: Record<string, string>, listed = LISTED) =>
    readConfig(env, { nodeEnv, refusalLookupAfterMs: refusalLookup(listed) }, [
      ({ config }) => tooShortFor(VENUE, listed, { config, env, variables: [] }),
    ]);

  it("is the venue's listing bound unless it is set", () => {
    expect(read({ NODE_ENV: 'production' }).refusalLookupAfterMs).toBe(35_000);
  });

  it('can be longer anywhere, and shorter outside of production only', () => {
    read({ NODE_ENV: 'production', REFUSAL_LOOKUP_AFTER_MS: '35001' });
    read({ NODE_ENV: 'development', REFUSAL_LOOKUP_AFTER_MS: '500' });
    expect(() => read({ NODE_ENV: 'production', REFUSAL_LOOKUP_AFTER_MS: '34999' })).toThrow(
      'configuration: REFUSAL_LOOKUP_AFTER_MS must be at least 35000 in production: unconfirmed',
    );
  });

  it('is at least 30 s in production, whatever a venue states', () => {
    expect(() => read({ NODE_ENV: 'production' }, { withinMs: 5_000, source: 'a page' })).toThrow(
      'REFUSAL_LOOKUP_AFTER_MS must be at least 30000 in production',
    );
  });
});

describe('FAST_FAILOVER_EXPOSURE', () => {
  const read = (env: Record<string, string>): number =>
    readConfig(env, { fastFailoverExposureEur }).fastFailoverExposureEur;

  it('is 10,000 EUR unless it is set; 0 switches the fast way off', () => {
    expect(read({})).toBe(10_000);
    expect(read({ FAST_FAILOVER_EXPOSURE: '0' })).toBe(0);
    expect(() => read({ FAST_FAILOVER_EXPOSURE: '-1' })).toThrow('FAST_FAILOVER_EXPOSURE');
  });
});

describe('RATE_PLAN', () => {
  const rules = connectorRules({ 'POST /pay': { limit: 1, perMs: 1_000 } });
  const read = (endpoint: string): unknown =>
    readConfig(
      { RATE_PLAN: JSON.stringify({ [endpoint]: { limit: 1, perMs: 9 } }) },
      { ratePlan },
      [(given) => rules.flatMap((rule) => rule(given))],
    );

  it('may name an endpoint of the built-in plan, and a lane of it', () => {
    read('POST /pay');
    read('POST /pay USDT.ETH');
  });

  it('is refused with an endpoint that the built-in plan does not have', () => {
    expect(() => read('POST /pya')).toThrow(
      'RATE_PLAN names POST /pya, which is not one of POST /pay',
    );
  });
});

describe('VENUE_ACCOUNT', () => {
  const accounts = ['gateio', 'gateio-treasury', 'bybit-eu'];
  const read = (env: Record<string, string>, program = 'gateio'): string =>
    readConfig(env, { account: venueAccount(program, accounts) }).account;

  it('is the venue of the program, or a listed account there', () => {
    expect(read({})).toBe('gateio');
    expect(read({ VENUE_ACCOUNT: 'gateio-treasury' })).toBe('gateio-treasury');
    expect(read({}, 'wallet')).toBe('wallet');
  });

  it.each([
    ['bybit-eu', 'gateio', 'VENUE_ACCOUNT must be gateio or an account at gateio, not bybit-eu'],
    ['bybit', 'gateio', 'VENUE_ACCOUNT must be gateio or an account at gateio, not bybit'],
    ['gateio-two', 'gateio', 'VENUE_ACCOUNT is gateio-two, missing in VENUE_ACCOUNTS'],
    ['wallet-two', 'wallet', 'VENUE_ACCOUNT must be wallet or an account at wallet'],
  ])('refuses %s for the program of %s', (account, program, message) => {
    expect(() => read({ VENUE_ACCOUNT: account }, program)).toThrow(message);
  });
});

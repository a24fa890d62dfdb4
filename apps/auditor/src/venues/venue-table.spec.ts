import { OwnPace, readFurtherVenues, sameKeyTwice } from './venue-table.js';

const NAMES = ['gateio', 'upvest', 'bybit', 'gateio-treasury', 'bybit-eu', 'upvest-two'];

describe('readFurtherVenues', () => {
  it('reads the keys of each account at a venue that the auditor reads', () => {
    const venues = readFurtherVenues(
      {
        GATEIO_AUDIT_API_KEY: 'first',
        GATEIO_AUDIT_API_KEY__GATEIO_TREASURY: 'second',
        GATEIO_AUDIT_API_SECRET__GATEIO_TREASURY: 'secret',
        GATEIO_BASE_URL: 'http://127.0.0.1:1/api/v4',
        BYBIT_BASE_URL: 'http://127.0.0.1:2',
        BYBIT_BASE_URL__BYBIT_EU: 'http://127.0.0.1:3',
      },
      NAMES,
    );

    expect(venues).toMatchObject([
      { venue: 'gateio-treasury', key: 'second', baseUrl: 'http://127.0.0.1:1/api/v4' },
      { venue: 'bybit-eu', key: '', baseUrl: 'http://127.0.0.1:3' },
    ]);
  });

  it('refuses a key for an account that is not listed', () => {
    expect(() => readFurtherVenues({ GATEIO_AUDIT_API_KEY__GATEIO_TRESURY: 'key' }, NAMES)).toThrow(
      'GATEIO_AUDIT_API_KEY__GATEIO_TRESURY belongs to no account of VENUE_ACCOUNTS that the auditor reads',
    );
  });

  it('accepts secrets in production only from files', () => {
    expect(() =>
      readFurtherVenues(
        { NODE_ENV: 'production', GATEIO_AUDIT_API_SECRET__GATEIO_TREASURY: 'secret' },
        NAMES,
      ),
    ).toThrow('must be in a file in production: set GATEIO_AUDIT_API_SECRET__GATEIO_TREASURY_FILE');
  });
});

describe('sameKeyTwice', () => {
  it('names the two accounts with one key', () => {
    expect(
      sameKeyTwice([
        { venue: 'gateio', key: 'a' },
        { venue: 'gateio-treasury', key: 'a' },
      ]),
    ).toBe("the auditor's key of gateio-treasury is also its key of gateio");
    expect(
      sameKeyTwice([
        { venue: 'gateio', key: '' },
        { venue: 'gateio-treasury', key: '' },
      ]),
    ).toBeNull();
  });
});

describe('the auditor’s pace', () => {
  it('keeps the calls of an endpoint half a second apart, and no other', async () => {
    const waits: number[] = [];
    const pace = new OwnPace(
      () => 1_000,
      (ms) => Promise.resolve(waits.push(ms)),
    );

    for (const endpoint of ['a', 'a', 'b', 'a']) await pace.turn(endpoint);

    expect(waits).toEqual([500, 1_000]);
  });
});

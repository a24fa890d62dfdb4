import { Amount, assetOf } from '@sluice/kernel';
import {
  chooseVenue,
  decisionOf,
  describeDecision,
  FAIL_OVER_REASONS,
  hasOtherVenue,
  type Venue,
} from './choose-venue.js';

const USDT = assetOf('USDT', 'ETH');
const WANTED = {
  destination: { type: 'address', address: '0x1' } as const,
  amount: Amount.of('50.01', USDT),
};

function venue(name: string, change: Partial<Venue> = {}): Venue {
  return {
    name,
    pays: ['address'],
    state: 'on',
    minimum: null,
    maximum: null,
    decimals: null,
    feePercent: null,
    feeFlat: null,
    submitWithinMs: null,
    ...change,
  };
}

describe('chooseVenue', () => {
  it('takes the first one in the order of the route', () => {
    expect(chooseVenue(WANTED, [], [venue('bybit'), venue('gateio')])).toEqual({
      venue: venue('bybit'),
      passed: [],
    });
  });

  it.each<[string, Partial<Venue>, string[]]>([
    ['tried', {}, ['bybit']],
    ['paused', { state: 'paused' }, []],
    ['closing', { state: 'closing' }, []],
    ['destination', { pays: ['venue_account'] }, []],
    ['decimals', { decimals: 1 }, []],
    ['no_wallet', { hasNoWallet: true }, []],
    ['no_wallet', { hasNoWallet: true, state: 'paused' }, []],
    ['limits', { minimum: '50.010001' }, []],
    ['limits', { maximum: '50.009999' }, []],
  ])('skips a venue because of %s, and reports the reason', (because, change, tried) => {
    const choice = chooseVenue(WANTED, tried, [venue('bybit', change), venue('gateio')]);
    expect(choice).toEqual({ venue: venue('gateio'), passed: [{ venue: 'bybit', because }] });
    expect(describeDecision(decisionOf(choice))).toBe(`gateio (bybit: ${because})`);
  });

  it('takes an account for one of the first venue that pays accounts, also while that one is paused: elsewhere it is somebody else', () => {
    const account = {
      destination: { type: 'venue_account', kind: 'uid', value: '12345678' } as const,
      amount: WANTED.amount,
    };
    const pays = ['address', 'venue_account'] as const;

    expect(
      chooseVenue(
        account,
        [],
        [venue('bitmart'), venue('gateio', { pays }), venue('bybit', { pays })],
      ).venue?.name,
    ).toBe('gateio');
    expect(
      chooseVenue(
        account,
        [],
        [venue('gateio', { pays, state: 'paused' }), venue('bybit', { pays })],
      ),
    ).toEqual({
      venue: null,
      passed: [
        { venue: 'gateio', because: 'paused' },
        { venue: 'bybit', because: 'destination' },
      ],
    });
    expect(chooseVenue(account, [], [venue('bybit', { pays })]).venue?.name).toBe('bybit'); // the request named it
  });

  it('counts the limits themselves as inside', () => {
    expect(
      chooseVenue(
        WANTED,
        [],
        [venue('bybit', { minimum: '50.01', maximum: '50.010', decimals: 2 })],
      ).venue?.name,
    ).toBe('bybit');
  });

  it('has no answer when the route is at its end', () => {
    const choice = chooseVenue(
      WANTED,
      ['gateio'],
      [venue('bybit', { state: 'paused' }), venue('gateio')],
    );
    expect([choice.venue, describeDecision(decisionOf(choice))]).toEqual([
      null,
      'no other venue (bybit: paused, gateio: tried)',
    ]);
    expect(describeDecision(decisionOf(chooseVenue(WANTED, [], [])))).toBe('no other venue');
  });
});

describe('a venue account as destination', () => {
  const wanted = {
    destination: { type: 'venue_account', kind: 'uid', value: '12345678' } as const,
    amount: Amount.of('50.01', USDT),
  };
  const pays = ['venue_account'] as const;

  it('is paid by each of our accounts at its venue, and by no other venue', () => {
    const route = [
      venue('gateio', { pays, state: 'paused' }),
      venue('bybit', { pays }),
      venue('gateio-treasury', { pays }),
    ];

    expect(chooseVenue(wanted, [], route)).toEqual({
      venue: venue('gateio-treasury', { pays }),
      passed: [
        { venue: 'gateio', because: 'paused' },
        { venue: 'bybit', because: 'destination' },
      ],
    });
  });
});

describe('hasOtherVenue', () => {
  it.each<[string, boolean, Partial<Venue>]>([
    ['takes it', true, {}],
    ['is paused, and may take it later', true, { state: 'paused' }],
    ['is closing, and may be opened again', true, { state: 'closing' }],
    ['pays no such destination', false, { pays: ['venue_account'] }],
    ['pays no such amount', false, { maximum: '50' }],
    ['pays no such decimals', false, { decimals: 1 }],
  ])('where another one %s is %s', (_what, expected, change) => {
    const route = [venue('wallet'), venue('gateio', change)];
    expect(hasOtherVenue(WANTED, 'wallet', route)).toBe(expected);
  });

  it('is false where the chosen one is alone', () => {
    expect(hasOtherVenue(WANTED, 'wallet', [venue('wallet')])).toBe(false);
  });
});

describe('FAIL_OVER_REASONS', () => {
  it.each([
    'invalid_address',
    'invalid_destination',
    'invalid_amount',
    'cancelled',
    'proven_absent',
    'decided_absent',
    'malformed_request',
    'travel_rule',
  ])('has no place for %s', (reason) => expect(FAIL_OVER_REASONS.has(reason)).toBe(false));

  it.each(['unlisted_code', 'withdrawals_closed', 'address_not_in_book', 'venue_restricted'])(
    'lets the next venue pay after %s',
    (reason) => expect(FAIL_OVER_REASONS.has(reason)).toBe(true),
  );
});

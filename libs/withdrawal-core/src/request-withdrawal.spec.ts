import { describeDecision, type Venue, type VenueState } from './choose-venue.js';
import {
  isSameRequest,
  requestWithdrawal,
  type Catalogue,
  type WithdrawalRequest,
} from './request-withdrawal.js';

const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';
const REQUEST: WithdrawalRequest = {
  currency: 'USDT',
  network: 'ETH',
  destination: { type: 'address', address: ADDRESS },
  amount: '50',
  clientReference: 'r-1',
  venue: null,
};
const OPEN = {
  state: 'on',
  minimum: null,
  maximum: null,
  decimals: null,
  feePercent: null,
  feeFlat: null,
  submitWithinMs: null,
} as const;
const TERMS = {
  enabled: true,
  minimum: '10',
  percent: '0.5',
  flat: '1',
  decimals: 6,
  venues: [
    { ...OPEN, name: 'gateio', pays: ['address', 'venue_account'] },
    { ...OPEN, name: 'bank', pays: ['reference_account'] },
  ],
} as const;
const OURS = '0x8617E340B3D01FA5F11F306F4090FD50E238070D';
const BURNT = '0x000000000000000000000000000000000000dEaD';
const CALLER = { accountId: 'a', keyId: 'k', referenceScope: 'k' };
const CATALOGUE: Catalogue = {
  requiresReference: false,
  hasNetwork: (network) => ['ETH', 'TRX'].includes(network),
  hasCurrency: (currency) => ['USDT', 'ETH'].includes(currency),
  terms: (currency, network) =>
    network === 'ETH' ? { ...TERMS, enabled: currency === 'USDT' } : null,
  isAddress: (address) => [ADDRESS, BURNT, OURS].includes(address),
  addressHint: (address) => (address.startsWith('X') ? 'Give the classic address' : null),
  isLost: (address) => address === BURNT,
  isOurs: (address) => address === OURS,
  memoFault: (memo) => (memo === 'bad' ? 'bad' : null),
};
const ID = '0193a000-0000-7000-8000-000000000001';

function request(change: Partial<WithdrawalRequest> = {}) {
  return requestWithdrawal({ ...REQUEST, ...change }, CALLER, CATALOGUE, ID);
}

describe('requestWithdrawal', () => {
  it('refuses a request without a reference where the account requires one, before all else', () => {
    const asked = (clientReference: string | null) =>
      requestWithdrawal(
        { ...REQUEST, network: 'MOON', clientReference },
        CALLER,
        { ...CATALOGUE, requiresReference: true },
        ID,
      );
    expect(asked(null)).toEqual({ ok: false, refusal: { kind: 'reference_required' } });
    expect(asked('r')).toEqual({ ok: false, refusal: { kind: 'network_not_found' } });
  });

  it('prices percent plus flat on top of the amount and takes the first venue that can pay', () => {
    const order = request();
    expect(
      order.ok && [
        order.value.order.fee.toString(),
        order.value.order.amount.toString(),
        order.value.order.venue,
      ],
    ).toEqual(['1.25', '50', 'gateio']);
  });

  it.each([
    ['an unknown network', { network: 'MOON', currency: 'DOGE' }, 'network_not_found'],
    ['an unknown currency', { currency: 'DOGE' }, 'currency_not_found'],
    ['a currency switched off', { currency: 'ETH' }, 'not_enabled'],
    ['a currency without terms on that network', { network: 'TRX' }, 'not_enabled'],
    [
      'an address of another chain',
      { destination: { type: 'address', address: 'T123456789' } as const, amount: '1' },
      'invalid_address',
    ],
    [
      'an address that nobody has the key to',
      { destination: { type: 'address', address: BURNT } as const, amount: '1' },
      'lost_address',
    ],
    [
      'an address of our own',
      { destination: { type: 'address', address: OURS } as const, amount: '1' },
      'own_address',
    ],
    [
      'an address in a form that is not taken',
      { destination: { type: 'address', address: 'X7AcgcsBL6' } as const, amount: '1' },
      'not_payable',
    ],
    [
      'a memo that the network has not',
      { destination: { type: 'address', address: ADDRESS, memo: 'bad' } as const, amount: '1' },
      'not_payable',
    ],
    [
      'an account that the venue could never pay',
      { destination: { type: 'venue_account', kind: 'uid', value: 'someone' } as const },
      'not_payable',
    ],
    ['a pinned venue that is no route', { venue: 'bybit' }, 'venue_not_available'],
    [
      'a destination that the pinned venue cannot pay',
      { venue: 'bank' },
      'destination_not_supported',
    ],
    ['less than the minimum', { amount: '9.999999' }, 'below_minimum'],
    ['nothing in raw units', { amount: '0.0000001' }, 'below_minimum'],
    ['more decimals than the currency has', { amount: '50.0000001' }, 'too_many_decimals'],
  ])('refuses %s', (_what, change, kind) => {
    const answer = request(change);
    expect(!answer.ok && answer.refusal.kind).toBe(kind);
  });

  it('rounds the fee up to the last decimal', () => {
    const order = request({ amount: '10.000001' });
    expect(order.ok && order.value.order.fee.toString()).toBe('1.050001');
  });
});

describe('requestWithdrawal, by the terms of a route', () => {
  const ROUTED = {
    ...TERMS,
    venues: [
      {
        ...OPEN,
        name: 'gateio',
        pays: ['address'],
        decimals: 2,
        feePercent: '1',
        submitWithinMs: 60_000,
      },
      { ...OPEN, name: 'bybit', pays: ['address'], decimals: 4, feeFlat: '0.3' },
    ],
  } as const;
  const by = (change: Partial<WithdrawalRequest>, state: VenueState = 'on') => {
    const [first, second] = ROUTED.venues;
    const terms = { ...ROUTED, venues: [{ ...first, state }, second] };
    return requestWithdrawal(
      { ...REQUEST, ...change },
      CALLER,
      { ...CATALOGUE, terms: () => terms },
      ID,
    );
  };
  const priced = (change: Partial<WithdrawalRequest>, state?: VenueState) => {
    const taken = by(change, state);
    if (!taken.ok) return taken.refusal;
    const { order, routing } = taken.value;
    return [order.venue, order.fee.toString(), order.submitWithinMs, describeDecision(routing)];
  };

  it('price and time to begin come from the first choice; the terms supply fields missing in its row', () => {
    expect(priced({})).toEqual(['gateio', '1.5', 60_000, 'gateio']);
    expect(priced({}, 'paused')).toEqual(['bybit', '0.55', null, 'bybit (gateio: paused)']);
    expect(priced({ venue: 'bybit' })).toEqual([
      'bybit',
      '0.55',
      null,
      'bybit (named by the request)',
    ]);
  });

  it('a venue gets no amount with more decimals than supported; if no venue supports the amount, the refusal names the allowed decimals', () => {
    expect(priced({ amount: '50.123' })).toEqual([
      'bybit',
      '0.550615',
      null,
      'bybit (gateio: decimals)',
    ]);
    expect(priced({ amount: '50.12345' })).toEqual({ kind: 'too_many_decimals', decimals: 4 });
    expect(priced({ amount: '50.123', venue: 'gateio' })).toEqual({
      kind: 'too_many_decimals',
      decimals: 2,
    });
    expect(priced({ amount: '50.123', venue: 'gateio' }, 'closing')).toEqual({
      kind: 'no_venue_open',
    });
  });
});

describe('requestWithdrawal, where our own wallet is in the route', () => {
  const GATEIO = { ...OPEN, name: 'gateio', pays: ['address', 'venue_account'] } as const;
  const WALLET = { ...OPEN, name: 'wallet', pays: ['address'] } as const;
  const NO_WALLET = { ...WALLET, hasNoWallet: true } as const;
  const MEMO = { destination: { type: 'address', address: ADDRESS, memo: '7' } } as const;
  const outcome = (venues: readonly Venue[], change: Partial<WithdrawalRequest> = {}) => {
    const catalogue = { ...CATALOGUE, terms: () => ({ ...TERMS, venues }) };
    const taken = requestWithdrawal({ ...REQUEST, ...change }, CALLER, catalogue, ID);
    return taken.ok ? describeDecision(taken.value.routing) : taken.refusal.kind;
  };

  it.each<[string, readonly Venue[], Partial<WithdrawalRequest>, string]>([
    ['before the venues it pays', [WALLET, GATEIO], {}, 'wallet'],
    [
      'behind them it pays what they do not',
      [{ ...GATEIO, state: 'paused' }, WALLET],
      {},
      'wallet (gateio: paused)',
    ],
    ['it may be named', [GATEIO, WALLET], { venue: 'wallet' }, 'wallet (named by the request)'],
    ['without a wallet the next one pays', [NO_WALLET, GATEIO], {}, 'gateio (wallet: no_wallet)'],
    ['with a memo the next one pays', [WALLET, GATEIO], MEMO, 'gateio (wallet: rules)'],
    ['alone and without a wallet nobody can', [NO_WALLET], {}, 'no_hot_wallet'],
    ['nor when it is paused besides', [{ ...NO_WALLET, state: 'paused' }], {}, 'no_hot_wallet'],
    ['nor when it is named', [GATEIO, NO_WALLET], { venue: 'wallet' }, 'no_hot_wallet'],
    [
      'while others of the route wait, it is they',
      [{ ...GATEIO, state: 'paused' }, NO_WALLET],
      {},
      'no_venue_open',
    ],
    ['alone it takes no memo', [WALLET], MEMO, 'not_payable'],
    ['nor when it is named', [GATEIO, WALLET], { ...MEMO, venue: 'wallet' }, 'not_payable'],
    [
      'it pays no account of a venue',
      [WALLET],
      { destination: { type: 'venue_account', kind: 'uid', value: '12345678' } },
      'destination_not_supported',
    ],
    [
      'it pays no more decimals than the token has',
      [WALLET],
      { amount: '50.0000001' },
      'too_many_decimals',
    ],
    ['paused it pays nothing', [{ ...WALLET, state: 'paused' }], {}, 'no_venue_open'],
  ])('%s', (_what, venues, change, expected) => {
    expect(outcome(venues, change)).toBe(expected);
  });
});

describe('isSameRequest', () => {
  const order = request();
  if (!order.ok) throw new Error('the example request must be valid');

  it('compares amounts as numbers and a missing venue as "whichever"', () => {
    expect(isSameRequest(order.value.order, { ...REQUEST, amount: '50.00' })).toBe(true);
    expect(isSameRequest(order.value.order, { ...REQUEST, venue: 'gateio' })).toBe(true);
  });

  it.each([
    { amount: '50.01' },
    { network: 'TRX' },
    { venue: 'bank' },
    { destination: { type: 'address', address: ADDRESS, memo: '7' } as const },
    { destination: { type: 'venue_account', kind: 'uid', value: '1' } as const },
  ])('distinguishes %j', (change) => {
    expect(isSameRequest(order.value.order, { ...REQUEST, ...change })).toBe(false);
  });
});

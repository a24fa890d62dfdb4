import fc from 'fast-check';
import {
  BUILT_IN_CEILINGS,
  ceilingOf,
  gasCeilingOf,
  gasFault,
  hasBuiltInCeiling,
  isAboveDay,
  readCeilings,
  readUnitWorths,
  REFERENCE_PRICES_EUR,
  UNNAMED_CEILING_EUR,
  worthInEur,
} from './ceilings.js';
import { Amount } from './amount.js';

describe('a day', () => {
  it.each([
    ['100000000', 'USDT.ETH', false],
    ['100000000.000001', 'USDT.ETH', true],
    ['0.000001', 'DOGE.ETH', true],
  ] as const)('of %s %s is above the built-in ceiling: %s', (amount, asset, is) => {
    expect(isAboveDay(Amount.of(amount, asset))).toBe(is);
  });
});

describe('a day of a currency that no release names', () => {
  it('is bounded by its worth, if stated', () => {
    const worths = { DAI: '1' };
    expect(isAboveDay(Amount.of('500000', 'DAI.ETH'), worths)).toBe(false);
    expect(isAboveDay(Amount.of('500000.1', 'DAI.ETH'), worths)).toBe(true);
  });
});

describe('the ceiling of a currency', () => {
  it('is as it is built in, or set lower, whatever is stated of its worth', () => {
    const lowered = { USDT: { call: '1000' } };
    const usdt = { call: '1000', hour: '20000000', day: '100000000' };
    expect(ceilingOf('USDT', lowered)).toEqual(usdt);
    expect(ceilingOf('USDT', lowered, '0.000001')).toEqual(usdt);
  });

  it.each([
    ['0.25', { call: '40000', hour: '400000', day: '2000000' }],
    [
      '3',
      {
        call: '3333.333333333333333333',
        hour: '33333.333333333333333333',
        day: '166666.666666666666666666',
      },
    ],
  ])('without a built-in ceiling is the amount of a sum of EUR at %s each', (worth, ceiling) => {
    expect(ceilingOf('DOGE', {}, worth)).toEqual(ceiling);
  });

  it('without a built-in ceiling is never worth more than the sum', () =>
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 12n), (millionths) => {
        const worth = `${millionths / 1_000_000n}.${String(millionths % 1_000_000n).padStart(6, '0')}`;
        const { call } = ceilingOf('DOGE', {}, worth) ?? { call: '' };
        const inEur = Amount.of(call, 'EUR.-').percent(worth); // a hundredth of it
        const most = Amount.of(UNNAMED_CEILING_EUR.call, 'EUR.-').percent('1');
        expect(most.lessThan(inEur)).toBe(false);
      }),
    ));

  it('is none where no release names one and nothing is stated: nothing of it is sent', () => {
    expect([ceilingOf('DOGE', {}), ceilingOf('toString', {})]).toEqual([null, null]);
    expect([hasBuiltInCeiling('DOGE'), hasBuiltInCeiling('USDT')]).toEqual([false, true]);
  });
});

describe('the ceiling of gas', () => {
  it('is there for the native coins of our networks, and for nothing that is no coin of a chain', () => {
    expect([gasCeilingOf('ETH'), gasCeilingOf('BNB')]).not.toContain(null);
    expect([gasCeilingOf('USDT'), gasCeilingOf('toString')]).toEqual([null, null]);
  });

  it('allows a transfer to a contract at 1,000 gwei', () => {
    const dear = Amount.of('0.15', 'ETH.ETH'); // 150,000 gas
    const most = Amount.of(gasCeilingOf('ETH')?.spent ?? '0', 'ETH.ETH');

    expect(most.lessThan(dear)).toBe(false);
  });

  it.each([
    ['0.2', 'ETH.ETH', 'ETH', 'spent', null],
    ['10', 'ETH.ETH', 'ETH', 'topUp', null],
    ['0.200000000000000001', 'ETH.ETH', 'ETH', 'spent', 'above_ceiling'],
    ['10.000000000000000001', 'ETH.ETH', 'ETH', 'topUp', 'above_ceiling'],
    ['0.1', 'USDT.ETH', 'ETH', 'spent', 'not_native'],
    ['0.1', 'ETH.ETH', 'BSC', 'spent', 'not_native'],
  ] as const)('of %s %s on %s as %s: %s', (amount, asset, network, booked, fault) => {
    expect(gasFault(Amount.of(amount, asset), network, booked)).toBe(fault);
  });
});

describe('the ceiling of gas of a coin that no release names', () => {
  const WORTHS = { POL: '0.25' };

  it('is what a small sum of EUR buys at its stated worth', () => {
    expect(gasCeilingOf('POL', WORTHS)).toEqual({ spent: '40', topUp: '2000', day: '6000' });
    expect(gasFault(Amount.of('40', 'POL.POLYGON'), 'POLYGON', 'spent', WORTHS)).toBeNull();
    expect(gasFault(Amount.of('40.1', 'POL.POLYGON'), 'POLYGON', 'spent', WORTHS)).toBe(
      'above_ceiling',
    );
    expect(gasFault(Amount.of('1', 'POL.POLYGON'), 'POLYGON', 'spent')).toBe('not_native');
  });

  it('never changes what a release names', () => {
    expect(gasCeilingOf('ETH', { ETH: '0.01' })).toEqual(gasCeilingOf('ETH'));
  });
});

describe('UNIT_WORTH_EUR', () => {
  it('is read by currency', () => {
    expect(readUnitWorths({ POL: '0.25', USDC: '0.9' })).toEqual({ POL: '0.25', USDC: '0.9' });
  });

  it.each<[string, unknown]>([
    ['must be a JSON object', []],
    ['POL must be EUR above zero', { POL: 0.25 }],
    ['POL must be EUR above zero', { POL: '0' }],
    ['pol must be a currency', { pol: '1' }],
    ['ETH must not be there: a release has its ceilings', { ETH: '3000' }],
  ])('%s: %#', (sentence, value) => {
    expect(() => readUnitWorths(value)).toThrow(sentence);
  });
});

describe('CEILINGS', () => {
  it('makes what is built in lower', () => {
    const lower = { USDT: { call: '1000', day: '50000' } };
    expect(readCeilings(lower)).toEqual(lower);
  });

  it.each([
    [
      { USDT: { call: '1000000.01' } },
      /^USDT.call: must be at most 1000000: .* by a release alone$/,
    ],
    [{ BTC: { day: '1e9' } }, /^BTC.day: must be a decimal amount as text$/],
    [{ BTC: { day: 1 } }, /^BTC.day: must be a decimal amount as text$/],
    [{ BTC: { week: '1' } }, /^BTC.week: must be one of call, hour, day$/],
    [{ DOGE: { day: '1' } }, /^DOGE: must be one of USDT/],
    [[], /^must be a JSON object/],
  ])('%j is refused', (value, sentence) => {
    expect(() => readCeilings(value)).toThrow(sentence);
  });
});

describe('a price of reference', () => {
  it.each(Object.entries(BUILT_IN_CEILINGS))(
    'exists for %s, and makes a call of its ceiling about a million euros',
    (currency, { call }) => {
      const worth = worthInEur(Amount.of(call, `${currency}.-`));

      expect(worth?.lessThan(Amount.of('1000000', 'EUR.-'))).toBe(false);
      expect(worth?.lessThan(Amount.of('1001000', 'EUR.-'))).toBe(true);
    },
  );

  it('exists for no other currency', () => {
    expect(Object.keys(REFERENCE_PRICES_EUR)).toEqual(Object.keys(BUILT_IN_CEILINGS));
  });

  it('is exact, and the stated price of an added asset counts where none is built in', () => {
    expect(worthInEur(Amount.of('0.010000000000000003', 'ETH.ARB'))?.toString()).toBe(
      '33.340000000000010002',
    );
    expect(worthInEur(Amount.of('30', 'DOGE.DOGE'), '0.1')?.toString()).toBe('3');
    expect(worthInEur(Amount.of('30', 'USDT.ETH'), '900')?.toString()).toBe('30');
  });

  it('is not guessed: an asset without one has no worth', () => {
    expect(worthInEur(Amount.of('1', 'DOGE.DOGE'))).toBeNull();
    expect(worthInEur(Amount.of('1', 'constructor.X'))).toBeNull();
  });
});

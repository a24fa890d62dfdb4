import type { FormCapabilities } from '@sluice/connector-rules';
import { callsUnderWay, intervalUs, readRateRules, withLanes } from './rate-rules.js';

describe('RATE_PLAN', () => {
  it('is an object of endpoint → {limit, perMs}', () => {
    const plan = { 'POST /withdrawals': { limit: 1, perMs: 3000 } };

    expect(readRateRules(plan)).toEqual(plan);
  });

  it.each([
    [null],
    [[]],
    ['x'],
    [{ a: 1 }],
    [{ a: { limit: 0, perMs: 1 } }],
    [{ a: { limit: 1 } }],
    [{ a: { limit: 1.5, perMs: 1 } }],
  ])('refuses %j', (value) => {
    expect(() => readRateRules(value)).toThrow(/must be/);
  });

  it('keeps a little more distance than the venue asks for', () => {
    expect(intervalUs({ limit: 1, perMs: 3_000 })).toBe(3_060_000);
    expect(intervalUs({ limit: 1_000_000_000, perMs: 1 })).toBe(1);
  });
});

describe('calls under way at once', () => {
  it.each([
    ['a slow endpoint has the least', { limit: 1, perMs: 3_000 }, 16],
    ['the plan alone limits the rate', { limit: 5, perMs: 1_000 }, 50],
    ['a wide plan has the most', { limit: 2_000, perMs: 1_000 }, 256],
  ])('%s', (_, rule, calls) => {
    expect(callsUnderWay({ 'POST /pay': rule, 'POST /pay/other': rule }, 'POST /pay', 10_000)).toBe(
      calls,
    );
  });

  it('are those of all lanes, unless the endpoint has a rule of its own', () => {
    const lane = { limit: 2, perMs: 1_000 };
    const lanes = { 'POST /pay USDT': lane, 'POST /pay BTC': lane };

    expect(callsUnderWay(lanes, 'POST /pay', 10_000)).toBe(40);
    expect(callsUnderWay({ ...lanes, 'POST /pay': lane }, 'POST /pay', 10_000)).toBe(20);
  });
});

describe('lanes', () => {
  const form: FormCapabilities = {
    form: 'chain',
    destination: 'address',
    accountKinds: [],
    assets: ['USDT.ETH', 'USDT.TRX', 'BTC.BTC'],
    recovery: 'dedupe',
    absence: { emptyLookups: 1, afterMs: 1 },
    honoured: { forMs: 0, source: 'a venue that forgets at once' },
    maxResends: 0,
    cancellable: true,
    submitEndpoint: 'POST /pay',
  };
  const endpoint = { limit: 5, perMs: 1_000 };
  const [lane, own] = [
    { limit: 1, perMs: 10_000 },
    { limit: 1, perMs: 20_000 },
  ];

  it('get the rule of all lanes, or their own', () => {
    const rules = { 'POST /pay': endpoint, 'POST /pay *': lane, 'POST /pay BTC.BTC': own };

    expect(withLanes(rules, { forms: [{ ...form, lanes: 'asset' }] })).toEqual({
      ...rules,
      'POST /pay USDT.ETH': lane,
      'POST /pay USDT.TRX': lane,
    });
    expect(withLanes(rules, { forms: [{ ...form, lanes: 'currency' }] })).toEqual({
      ...rules,
      'POST /pay USDT': lane,
      'POST /pay BTC': lane,
    });
    expect(withLanes({ 'POST /pay': endpoint }, { forms: [form] })).toEqual({
      'POST /pay': endpoint,
    });
  });

  it('without a rule are a fault of the plan', () => {
    expect(() =>
      withLanes({ 'POST /pay': endpoint }, { forms: [{ ...form, lanes: 'asset' }] }),
    ).toThrow('no rule for POST /pay USDT.ETH');
  });
});

import { readCeilings } from './read-ceilings.js';

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

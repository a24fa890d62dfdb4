import { lowerCase, upperCase } from './upper-case.js';

describe('upperCase', () => {
  it.each([
    ['usdt', 'USDT'],
    ['UsDt.1', 'USDT.1'],
    ['uſdt', 'UſDT'],
    ['ﬀ', 'ﬀ'],
    ['ß', 'ß'],
    ['', ''],
  ])('of %j is %j', (code, upper) => {
    expect(upperCase(code)).toBe(upper);
  });
});

describe('lowerCase', () => {
  it.each([
    ['GateIO', 'gateio'],
    ['GATEIO-1', 'gateio-1'],
    ['İK', 'İk'],
    ['\u212aucoin', '\u212aucoin'],
  ])('of %j is %j', (code, lower) => {
    expect(lowerCase(code)).toBe(lower);
  });
});

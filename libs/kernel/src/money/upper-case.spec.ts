import { upperCase } from './upper-case.js';

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

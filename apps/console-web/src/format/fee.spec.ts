import { feeText } from './fee.js';

describe('the text of a fee', () => {
  it('keeps each digit', () =>
    expect(feeText('0.2000', '1.000000000000000001')).toBe('0.2000 % + 1.000000000000000001'));

  it('names one part, or none', () => {
    expect(feeText(null, '2')).toBe('2');
    expect(feeText('0.5', null)).toBe('0.5 %');
    expect(feeText(null, undefined)).toBeNull();
  });
});

import { lastAmountDigit } from './log.js';

describe('the digit that is flipped', () => {
  it('is the first of the last amount in the segment', () => {
    const segment = Buffer.from('\u0000{"amount":"1.5","fee":"0"}\u0001{"amount":"27.5"}\u0002');

    const at = lastAmountDigit(segment) ?? -1;

    expect(segment.subarray(at, at + 4).toString()).toBe('27.5');
  });

  it('is none where no record has an amount', () => {
    expect(lastAmountDigit(Buffer.from('{"accountId":"x"}'))).toBeUndefined();
  });
});

import { countedParts, nearness } from './nearness.js';

describe('the nearness to a limit', () => {
  it.each([
    ['100', '100', 'used up'],
    ['100.000000000000000001', '100', 'used up'],
    ['80', '100', 'near'],
    ['79.999999999999999999', '100', 'far'],
    ['0.1', '0.2', 'far'],
  ])('of %s to %s is: %s', (used, max, text) => expect(nearness(used, max).text).toBe(text));
});

describe('the key of a count', () => {
  const values = (per: readonly string[], key: string) =>
    countedParts(per, key).map(({ property, value }) => `${property}=${value}`);

  it('has a word for each counted property', () =>
    expect(values(['asset', 'account', 'venue'], 'USDT.ETH a1 gateio')).toEqual([
      'asset=USDT.ETH',
      'account=a1',
      'venue=gateio',
    ]));

  it('keeps the spaces of a recipient', () =>
    expect(values(['asset', 'destination', 'venue'], 'X.X address:r:a memo of words acme')).toEqual(
      ['asset=X.X', 'destination=address:r:a memo of words', 'venue=acme'],
    ));

  it('names the asset once', () =>
    expect(values(['asset', 'asset'], 'USDT.ETH USDT.ETH')).toEqual(['asset=USDT.ETH']));
});

import { narrowLimits } from './narrow-limits.js';

function limit(asset: string, span: string, sent: string | null, remaining: string) {
  return { asset, span, sent, remaining, limit: '100' };
}

describe('the limits in use', () => {
  it('are the narrowest of each sent asset, the most used first', () =>
    expect(
      narrowLimits([
        limit('BTC.BTC', 'hour', '1', '20'),
        limit('BTC.BTC', 'day', '90', '9.9'),
        limit('ETH.ETH', 'hour', '0.0', '100'),
        limit('ETH.ETH', 'call', null, '5'),
        limit('TRX.TRX', 'hour', '5', '5'),
      ]).map(({ asset, span }) => `${asset} ${span}`),
    ).toEqual(['TRX.TRX hour', 'BTC.BTC day']));
});

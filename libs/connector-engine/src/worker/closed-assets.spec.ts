import { ClosedAssets } from './closed-assets.js';

describe('an asset closed by the venue', () => {
  it('stays closed for ten minutes from the last refusal, and other assets stay open', () => {
    const logged: object[] = [];
    let now = 0;
    const closed = new ClosedAssets(
      { venue: 'testvenue', assets: ['USDT.TRX'] },
      { error: (fields) => void logged.push(fields) },
      () => now,
    );

    closed.close('USDT.TRX', 'API_WITHDRAW_DISABLED: m');
    now = 300_000;
    closed.close('USDT.TRX', 'API_WITHDRAW_DISABLED: m');
    now = 899_999;

    expect(closed.because('USDT.TRX')).toBe('API_WITHDRAW_DISABLED: m');
    expect(closed.because('USDT.ETH')).toBeNull();
    expect(logged).toHaveLength(1);
    now = 900_000;
    expect(closed.because('USDT.TRX')).toBeNull();
  });
});

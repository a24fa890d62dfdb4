import { register } from 'prom-client';
import { ClosedAssets, countSubmit, startSubmitCounts } from './obstacles.js';

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

describe('sluice_submits_total', () => {
  it('begins at 0 for each outcome of an endpoint of the connector, and of no other', async () => {
    const exposed = () => register.getSingleMetricAsString('sluice_submits_total');
    expect(await exposed()).not.toContain('endpoint=');

    startSubmitCounts('POST /pay');
    for (const outcome of ['accepted', 'refused', 'not_sent', 'unknown', 'repeat_unknown'])
      expect(await exposed()).toContain(`{endpoint="POST /pay",outcome="${outcome}"} 0`);

    const evidence = { status: null, body: '' };
    countSubmit('POST /pay', { kind: 'unknown', cause: 'no answer', evidence }, false);
    expect(await exposed()).toContain('{endpoint="POST /pay",outcome="unknown"} 1');
  });
});

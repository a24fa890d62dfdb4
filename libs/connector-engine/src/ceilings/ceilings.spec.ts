import { readCeilings } from '@sluice/kernel';
import type { FormCapabilities } from '@sluice/connector-rules';
import { Ceilings } from './ceilings.js';

const form = (...assets: readonly string[]) => ({ assets }) as FormCapabilities;

describe('ceilings', () => {
  it('are built in for each asset, and lower where that is set', () => {
    const lowered = readCeilings({ USDT: { call: '1000' } });
    const { byAsset } = new Ceilings({ forms: [form('USDT.ETH', 'BTC.BTC')] }, lowered);

    expect(byAsset['USDT.ETH']).toEqual({ call: '1000', hour: '20000000', day: '100000000' });
    expect(byAsset['BTC.BTC']).toEqual({ call: '10', hour: '200', day: '1000' });
  });

  it('are there for whatever is sent', () => {
    expect(() => new Ceilings({ forms: [form('DOGE.DOGE')] }, {})).toThrow(
      'there is no ceiling for DOGE.DOGE: nothing of it is ever sent',
    );
  });
});

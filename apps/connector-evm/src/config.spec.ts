import { newServiceKey } from '@sluice/test-servers';
import { evmConfig } from './config.js';

const CHAINS = JSON.stringify([
  {
    network: 'ETH',
    chainId: 1,
    rpcUrls: ['https://node.example'],
    finality: 'finalized',
    fees: { maxFeeCapGwei: '200', tipGwei: '1', bumpPercent: 12.5, stuckAfterBlocks: 6 },
    native: { currency: 'ETH' },
    tokens: [],
    wallets: [{ address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266', purpose: 'hot' }],
  },
]);

describe('evmConfig', () => {
  it('names every fault at once, and quotes no key', () => {
    const read = () => evmConfig({ EVM_CHAINS: '[{}]', SERVICE_KEY: 'secret', SIGNER_URL: 'x' });

    expect(read).toThrow(/EVM_CHAINS .*SIGNER_URL must be a URL/s);
    expect(read).toThrow(/SERVICE_KEY/);
    expect(read).not.toThrow(/secret/);
  });

  it('refuses a signer that is asked in clear in production', () => {
    const env = {
      ...{ EVM_CHAINS: CHAINS, SERVICE_KEY: newServiceKey().privateKey, NODE_ENV: 'production' },
      SIGNER_URL: 'http://signer.example',
    };
    expect(() => evmConfig(env)).toThrow('SIGNER_URL must begin with https:// in production');
  });
});

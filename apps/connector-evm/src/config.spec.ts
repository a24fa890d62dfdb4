import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  const folder = mkdtempSync(join(tmpdir(), 'sluice-evm-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('names every fault at once, and quotes no key', () => {
    const read = () => evmConfig({ EVM_CHAINS: '[{}]', SERVICE_KEY: 'secret', SIGNER_URL: 'x' });

    expect(read).toThrow(/EVM_CHAINS .*SIGNER_URL must be a URL/s);
    expect(read).toThrow(/SERVICE_KEY/);
    expect(read).not.toThrow(/secret/);
  });

  it.each(['http://node.example/v3/aKey', 'http://127.0.0.1:8545/v3/aKey'])(
    'refuses a node that is asked in clear in production: %s',
    (url) => {
      const file = join(folder, 'chains.json');
      writeFileSync(file, CHAINS.replace('["https:', `["${url}","https:`), { mode: 0o600 });
      const asked = (nodeEnv: string) => () =>
        evmConfig({ EVM_CHAINS_FILE: file, NODE_ENV: nodeEnv });

      const sentence = 'EVM_CHAINS: rpcUrls[0] of ETH must begin with https:// in production';
      expect(asked('production')).toThrow(sentence);
      expect(asked('production')).not.toThrow(/rpcUrls\[1\]|aKey/);
      expect(asked('development')).not.toThrow('rpcUrls');
    },
  );

  it('refuses a token that no release has a ceiling of until its worth is stated', () => {
    const token = { currency: 'EURC', address: '0xdAC17F958D2ee523a2206206994597C13D831ec7' };
    const withToken = (more: object) =>
      CHAINS.replace(
        '"tokens":[]',
        `"tokens":${JSON.stringify([{ ...token, decimals: 6, ...more }])}`,
      );
    const read = (more: object) => () => evmConfig({ EVM_CHAINS: withToken(more) });

    const sentence = 'no release has a ceiling of EURC.ETH: set its unitWorthEur';
    expect(read({})).toThrow(sentence);
    expect(read({ unitWorthEur: '1' })).not.toThrow(sentence);
  });

  it('refuses a signer that is asked in clear in production', () => {
    const env = {
      EVM_CHAINS: CHAINS,
      SERVICE_KEY: newServiceKey().privateKey,
      NODE_ENV: 'production',
      SIGNER_URL: 'http://signer.example',
    };
    expect(() => evmConfig(env)).toThrow('SIGNER_URL must begin with https:// in production');
  });
});

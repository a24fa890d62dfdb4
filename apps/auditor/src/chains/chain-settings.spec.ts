import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEther } from 'viem';
import { type ChainSettings, parseChains } from '@sluice/evm';
import { auditorConfig } from '../config.js';
import { verifyConfig } from '../verify/config.js';
import { gasLimitsOf } from './chain-settings.js';

const chainsAt = (url: string, native: string): string =>
  JSON.stringify([
    {
      network: 'ETH',
      chainId: 1,
      rpcUrls: [url],
      finality: 'finalized',
      fees: { maxFeeCapGwei: '200', tipGwei: '1', bumpPercent: 12.5, stuckAfterBlocks: 6 },
      native: { currency: native },
      tokens: [],
      wallets: [{ address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266', purpose: 'hot' }],
    },
  ]);

describe.each([
  ['auditor', auditorConfig],
  ['verification', verifyConfig],
])('the chains of the %s', (name, configOf) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-auditor-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const asked =
    (url: string, nodeEnv: string, native = 'ETH') =>
    () => {
      const file = join(folder, 'chains.json');
      writeFileSync(file, chainsAt(url, native), { mode: 0o600 });
      configOf({ AUDITOR_EVM_CHAINS_FILE: file, NODE_ENV: nodeEnv });
    };

  it('have nodes behind TLS in production, because a false node could hide payments', () => {
    const fault = 'AUDITOR_EVM_CHAINS: rpcUrls[0] of ETH must begin with https:// in production';

    expect(asked('http://node.example/aKey', 'production')).toThrow(fault);
    expect(asked('http://node.example/aKey', 'production')).not.toThrow(/aKey/);
    expect(asked('https://node.example', 'production')).not.toThrow(fault);
    expect(asked('http://node.example', 'development')).not.toThrow(fault);
  });

  it('have a limit for gas at the auditor: a coin of no release needs its value or the limit', () => {
    const fault = 'AUDITOR_EVM_CHAINS: no release has a limit for gas in POL';

    const withoutLimit = expect(asked('https://node.example', 'production', 'POL'));
    if (name === 'auditor') withoutLimit.toThrow(fault);
    else withoutLimit.not.toThrow(fault);
    expect(asked('https://node.example', 'production')).not.toThrow(fault);
  });
});

const chainWith = (change: object): ChainSettings => {
  const [one] = parseChains(
    JSON.stringify([
      {
        network: 'ETH',
        chainId: 1,
        rpcUrls: ['https://node.example'],
        finality: 'finalized',
        fees: { maxFeeCapGwei: '200', tipGwei: '1', bumpPercent: 12.5, stuckAfterBlocks: 6 },
        native: { currency: 'ETH' },
        tokens: [],
        wallets: [{ address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266', purpose: 'hot' }],
        ...change,
      },
    ]),
  );
  if (!one) throw new Error('no chain');
  return one;
};

describe('the limits of gas', () => {
  it('are the dearest payment within the settings, and a tenth of the day’s ceiling', () => {
    expect(gasLimitsOf(chainWith({}))).toEqual({
      transaction: parseEther('0.02'),
      hour: parseEther('5'),
    });
  });

  it('are those of the settings', () => {
    expect(gasLimitsOf(chainWith({ gasPerTransaction: '0.3', gasPerHour: '12' }))).toEqual({
      transaction: parseEther('0.3'),
      hour: parseEther('12'),
    });
  });

  it('of a coin without a ceiling in the release follow from its value, or there are none', () => {
    const native = { currency: 'POL' };

    expect(gasLimitsOf(chainWith({ native: { ...native, unitWorthEur: '0.25' } }))?.hour).toBe(
      parseEther('600'),
    );
    expect(gasLimitsOf(chainWith({ native, gasPerHour: '7' }))?.hour).toBe(parseEther('7'));
    expect(gasLimitsOf(chainWith({ native }))).toBeNull();
  });
});

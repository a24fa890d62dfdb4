import { parseChains, type ChainSettings } from '@sluice/evm';
import { parseEther } from 'viem';
import { gasLimitsOf } from './gas-limits.js';

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

import type { ChainSettings, FeePolicy } from '@sluice/evm';
import { devAccount } from '@sluice/test-servers/evm';

export const FEES: FeePolicy = {
  maxFeeCapGwei: '100',
  tipGwei: '1',
  bumpPercent: 12.5,
  stuckAfterBlocks: 3,
  recipientGasLimit: 100_000,
};

/** Settings of a test chain: account 0 pays, account 8 is the tank. */
export function testChain(
  chainId: number,
  rpcUrls: readonly string[],
  change: Partial<ChainSettings> = {},
): ChainSettings {
  return {
    network: 'ETH',
    chainId,
    rpcUrls,
    finality: { confirmations: 3 },
    fees: FEES,
    native: { currency: 'ETH' },
    tokens: [],
    wallets: [
      { address: devAccount(0).address, purpose: 'hot' },
      { address: devAccount(8).address, purpose: 'tank' },
    ],
    ...change,
  };
}

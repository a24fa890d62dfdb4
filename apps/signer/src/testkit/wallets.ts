import { sealKeys } from '@sluice/signer-api';
import { keccak256, toHex, type Address, type Hex } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';

/** Private keys for tests only. */
const keyNamed = (name: string): Hex => keccak256(toHex(`a key for tests: ${name}`));
export const KEYS = {
  hot: keyNamed('hot'),
  ofAccount: keyNamed('of one account'),
  tank: keyNamed('tank'),
  hotOnBsc: keyNamed('hot on BSC'),
};
const of = (key: Hex): Address => privateKeyToAddress(key);
export const HOT = of(KEYS.hot);
export const HOT_OF_ACCOUNT = of(KEYS.ofAccount);
export const TANK = of(KEYS.tank);
export const HOT_ON_BSC = of(KEYS.hotOnBsc);
/** A recipient, and a different recipient. */
export const SOMEBODY = of(keyNamed('somebody'));
export const THIEF = of(keyNamed('thief'));

export const ACCOUNT = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11';
export const USDT: Address = '0xdAC17F958D2ee523a2206206994597C13D831ec7';
const USDT_ON_BSC: Address = '0x55d398326f99059fF775485246999027B3197955';

const FEES = { maxFeeCapGwei: '200', tipGwei: '1', bumpPercent: 12.5, stuckAfterBlocks: 6 };

/** Content of EVM_CHAINS_FILE: two chains, as in the local stack. */
export const CHAINS_TEXT = JSON.stringify([
  {
    network: 'ETH',
    chainId: 31337,
    rpcUrls: ['http://127.0.0.1:1'],
    finality: { confirmations: 12 },
    fees: FEES,
    native: { currency: 'ETH' },
    tokens: [{ currency: 'USDT', address: USDT, decimals: 6 }],
    wallets: [
      { address: HOT, purpose: 'hot' },
      { address: HOT_OF_ACCOUNT, purpose: 'hot', accountId: ACCOUNT },
      { address: TANK, purpose: 'tank' },
    ],
  },
  {
    network: 'BSC',
    chainId: 31338,
    rpcUrls: ['http://127.0.0.1:1'],
    finality: 'finalized',
    fees: FEES,
    native: { currency: 'BNB' },
    tokens: [{ currency: 'USDT', address: USDT_ON_BSC, decimals: 18 }],
    wallets: [{ address: HOT_ON_BSC, purpose: 'hot' }],
  },
]);

export const KEK = Buffer.alloc(32, 'kek of the signer').toString('base64');
export const SEALED_KEYS = sealKeys(
  KEK,
  Object.fromEntries(Object.values(KEYS).map((key) => [of(key), key])),
);

import type { ChainSettings } from '@sluice/evm';
import type { TokenKind } from '@sluice/test-servers/evm';
import type { Address } from 'viem';
import type { Pace } from './venues/venue.js';

export interface WalletAddresses {
  readonly hot: readonly Address[];
  readonly tank: Address;
}

/** A chain of the local stack: a separate node without peers. */
interface LocalChain {
  readonly network: string;
  /** Chain id not used by a real chain: signatures for this chain are worthless on other chains. */
  readonly chainId: number;
  readonly native: string;
  readonly token: {
    readonly currency: string;
    /** Address of the real token. */
    readonly address: `0x${string}`;
    readonly decimals: number;
    readonly kind: TokenKind;
  };
  readonly finality: ChainSettings['finality'];
}

/**
 * Local chains, with a dollar token imitating the real token: on Ethereum a transfer returns no
 * value, on BSC the token has 18 decimals.
 */
export const LOCAL_CHAINS = {
  ETH: {
    network: 'ETH',
    chainId: 31337,
    native: 'ETH',
    token: {
      currency: 'USDT',
      address: '0xdAC17F958D2ee523a2206206994597C13D831ec7',
      decimals: 6,
      kind: 'silent',
    },
    finality: { confirmations: 4 },
  },
  BSC: {
    network: 'BSC',
    chainId: 31338,
    native: 'BNB',
    token: {
      currency: 'USDT',
      address: '0x55d398326f99059fF775485246999027B3197955',
      decimals: 18,
      kind: 'plain',
    },
    finality: 'finalized',
  },
} as const satisfies Readonly<Record<string, LocalChain>>;

export type ChainNetwork = keyof typeof LOCAL_CHAINS;
export type ChainName = `chain-${Lowercase<ChainNetwork>}`;

export const CHAIN_NETWORKS = Object.keys(LOCAL_CHAINS) as readonly ChainNetwork[];
/** Process names of the chains, for example to kill a chain. */
export const CHAIN_NAMES = CHAIN_NETWORKS.map(chainNameOf);

export function chainNameOf(network: ChainNetwork): ChainName {
  return `chain-${network.toLowerCase() as Lowercase<ChainNetwork>}`;
}

/** Block interval in milliseconds: realistic, or fast for tests. */
export const BLOCK_MS: Readonly<Record<Pace, number>> = { real: 1_000, fast: 250 };

/** Returns the settings of a chain for the connector and the signer. */
export function chainSettings(
  network: ChainNetwork,
  rpcUrl: string,
  { hot, tank }: WalletAddresses,
): ChainSettings {
  const { chainId, native, token, finality } = LOCAL_CHAINS[network];
  const { currency, address, decimals } = token;
  return {
    network,
    chainId,
    rpcUrls: [rpcUrl],
    finality,
    // A local chain only offers the price of an empty block, including a tip of 1 gwei.
    fees: {
      maxFeeCapGwei: '500',
      tipGwei: '1',
      bumpPercent: 12.5,
      stuckAfterBlocks: 10,
      recipientGasLimit: 100_000,
    },
    native: { currency: native },
    tokens: [{ currency, address, decimals }],
    wallets: [
      ...hot.map((one) => ({ address: one, purpose: 'hot' as const })),
      { address: tank, purpose: 'tank' as const },
    ],
    topUps: { below: '1', upTo: '5', mostPerDay: '50' },
  };
}

import type { ChainSettings } from '@sluice/evm';
import type { TokenKind } from '@sluice/evm-testing';
import type { Pace } from '../clients/simulator-client.js';
import type { WalletAddresses } from './wallet-keys.js';

/** One chain of the local stack: a node of its own, which knows nobody. */
export interface LocalChain {
  readonly network: string;
  /** None that a real chain has: what is signed for here is worth nothing anywhere else. */
  readonly chainId: number;
  readonly native: string;
  readonly token: {
    readonly currency: string;
    /** Where the real one stands. */
    readonly address: `0x${string}`;
    readonly decimals: number;
    readonly kind: TokenKind;
  };
  readonly finality: ChainSettings['finality'];
}

/** Dollars with the quirks of the real ones: on Ethereum a transfer returns nothing, on BSC they have 18 decimals. */
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
/** The processes, by which they can be killed. */
export const CHAIN_NAMES = CHAIN_NETWORKS.map(chainNameOf);

export function chainNameOf(network: ChainNetwork): ChainName {
  return `chain-${network.toLowerCase() as Lowercase<ChainNetwork>}`;
}

/** A block each so often: as a chain has it, or as soon as a test likes. */
export const BLOCK_MS: Readonly<Record<Pace, number>> = { real: 1_000, fast: 250 };

/** What connector and signer read of this chain. */
export function chainSettings(
  network: ChainNetwork,
  rpcUrl: string,
  { hot, tank }: WalletAddresses,
): ChainSettings {
  const { chainId, native, token, finality } = LOCAL_CHAINS[network];
  const { currency, address, decimals } = token;
  return {
    ...{ network, chainId, rpcUrls: [rpcUrl], finality },
    // A local chain offers no other price than that of an empty block, and gives away one gwei of it.
    fees: {
      ...{ maxFeeCapGwei: '500', tipGwei: '1', bumpPercent: 12.5, stuckAfterBlocks: 10 },
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

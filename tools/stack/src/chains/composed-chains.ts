import {
  CHAIN_NETWORKS,
  chainNameOf,
  type ChainName,
  type ChainNetwork,
} from '../tables/local-chains.js';

/** Container of the local chains in the composed stack, and the program's folder in the container. */
export const CHAINS_CONTAINER = 'chains';
export const CHAINS_HOME = '/wallet';

const FIRST_PORT = 8545;

/** Port of a chain's node, in the container and on this machine. */
function chainPortOf(network: ChainNetwork): number {
  return FIRST_PORT + CHAIN_NETWORKS.indexOf(network);
}

/** Port of the chains' addresses, answered as soon as every chain is ready. */
export const CHAINS_PORT = FIRST_PORT + CHAIN_NETWORKS.length;

export const CHAIN_PORTS = Object.fromEntries(
  CHAIN_NETWORKS.map((network) => [chainNameOf(network), chainPortOf(network)]),
) as Readonly<Record<ChainName, number>>;

/** Variables with a wallet key: the tank's first, then the paying addresses like in `npm start`. */
export const WALLET_KEY_VARIABLES = ['WALLET_KEY_TANK', 'WALLET_KEY_HOT_1', 'WALLET_KEY_HOT_2'];

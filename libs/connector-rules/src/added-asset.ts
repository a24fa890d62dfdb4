import { networkOf, type Asset } from '@sluice/kernel';

/** Asset added by operators to a running connector, besides the built-in assets. */
export interface AddedAsset {
  readonly asset: Asset;
  /** Venue's name of the chain, or of the currency on the chain. The name never changes. */
  readonly code: string;
  /**
   * False while another instance may not know the asset yet, and after removal: no new order is
   * accepted. Accepted orders are still paid, and the asset's records are still read.
   */
  readonly payable: boolean;
  /** Decimal text; null where a release has a ceiling of the currency. */
  readonly unitWorthEur: string | null;
}

/** Our names of networks and the venue's, each way. */
export interface ChainNames {
  readonly chainOf: (network: string) => string | undefined;
  readonly networkOf: (chain: string) => string | undefined;
}

/**
 * Chain names for a venue with separate names of currency and chain: the built-in names by network,
 * plus the added names.
 */
export function chainNames(
  builtIn: Readonly<Record<string, string>>,
  added: readonly AddedAsset[] = [],
): ChainNames {
  const chains = chainsOf(builtIn, added);
  const networks = new Map([...chains].map(([network, chain]) => [chain, network]));
  return {
    chainOf: (network) => chains.get(network),
    networkOf: (chain) => networks.get(chain),
  };
}

/**
 * Returns the reason to reject a chain name for an asset; null if valid. Each network has a single
 * name, and no two networks share a name.
 */
export function chainFault(
  builtIn: Readonly<Record<string, string>>,
  { asset, code }: Pick<AddedAsset, 'asset' | 'code'>,
  added: readonly AddedAsset[],
): string | null {
  const network = networkOf(asset);
  const names = chainNames(builtIn, added);
  const known = names.chainOf(network);
  if (known !== undefined)
    return known === code ? null : `The chain of ${network} is ${known} here`;
  const taken = names.networkOf(code);
  return taken === undefined ? null : `The chain ${code} is that of ${taken}`;
}

function chainsOf(
  builtIn: Readonly<Record<string, string>>,
  added: readonly AddedAsset[],
): ReadonlyMap<string, string> {
  const ofAdded = added.map(({ asset, code }) => [networkOf(asset), code] as const);
  return new Map([...ofAdded, ...Object.entries(builtIn)]);
}

import { foldedName, networkNamed, networkOf, type Asset } from '@sluice/kernel';

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
  /** Reads a name without case: the venue's own names, then the names of networks in general. */
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
  const networks = new Map([
    ...[...chains.keys()].map((network) => [foldedName(network), network] as const),
    ...[...chains].map(([network, chain]) => [foldedName(chain), network] as const),
  ]);
  const ofGeneral = new Map(
    [...chains.keys()].map((network) => [networkNamed(network) ?? network, network]),
  );
  return {
    chainOf: (network) => chains.get(network),
    networkOf: (chain) =>
      networks.get(foldedName(chain)) ?? ofGeneral.get(networkNamed(chain) ?? ''),
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

/** Stands before a name that means no coin or network of ours: the record cannot tell. */
const UNKNOWN = '?';

/** Our name of a record's network, `?<name>` for a chain without a known name. */
export function recordedNetwork(chain: string, { networkOf: find }: ChainNames): string {
  return find(chain) ?? UNKNOWN + chain;
}

/** Our name of a record's currency: without case, `?<name>` for text that is no name of a coin. */
export function recordedCurrency(coin: string): string {
  const folded = foldedName(coin);
  return /^[A-Z0-9]{1,32}$/.test(folded) ? folded : UNKNOWN + coin.replace(/[\s.]+/g, '_');
}

/** True for a name of a record that means no coin or network of ours. */
export function isUnknownName(name: string): boolean {
  return name.startsWith(UNKNOWN);
}

function chainsOf(
  builtIn: Readonly<Record<string, string>>,
  added: readonly AddedAsset[],
): ReadonlyMap<string, string> {
  const ofAdded = added.map(({ asset, code }) => [networkOf(asset), code] as const);
  return new Map([...ofAdded, ...Object.entries(builtIn)]);
}

import { networkOf, type Asset } from '@sluice/money';

/** An asset that people have added to what a connector pays while it runs, beyond what is built in. */
export interface AddedAsset {
  readonly asset: Asset;
  /** The venue's own name: of the chain, or of the currency on it. It never changes. */
  readonly code: string;
  /** False, as long as another instance may not know its name yet, and once it was taken away: nothing new is taken. What was taken is paid, and its records are understood. */
  readonly payable: boolean;
  /** Decimal text; null where a release has a ceiling of the currency. */
  readonly unitWorthEur: string | null;
}

/** Our names of networks and the venue's, each way. */
export interface ChainNames {
  readonly chainOf: (network: string) => string | undefined;
  readonly networkOf: (chain: string) => string | undefined;
}

/** Of a venue that names currency and chain apart: those that are built in, by network, and those that were added. */
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

/** Why such a venue cannot have that name for the chain of an asset: each network has one, and no two have the same. */
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

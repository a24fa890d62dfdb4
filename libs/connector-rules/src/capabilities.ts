import {
  type Asset,
  currencyOf,
  type Destination,
  foldedName,
  networkNamed,
  networkOf,
} from '@sluice/kernel';

/**
 * Means to find a payment after a lost response. `replay`: a repeated key returns the first result.
 * `search`: by our key. `dedupe`: a repeated key is refused. `none`: no key.
 */
type Recovery = 'replay' | 'search' | 'dedupe' | 'none';

/** Number of empty lookups, and the time, needed until no payment can appear any more. */
interface AbsenceRule {
  readonly emptyLookups: number;
  /** Milliseconds from the last possibly sent byte to the last empty lookup. */
  readonly afterMs: number;
}

/**
 * Time after sending in which the venue may execute a request: signature life and the longest
 * delay. No request is absent before, by the venue's clock.
 */
export interface Honoured {
  readonly forMs: number;
  /** Source at the venue, and our own addition. */
  readonly source: string;
}

/**
 * Longest delay until the records show a payment, at least 30 s: an earlier lookup proves no
 * absence.
 */
export interface ListingBound {
  readonly withinMs: number;
  /** Source at the venue, or a note: unconfirmed. */
  readonly source: string;
}

/** Longest time until a settled payment comes back. */
export interface ReturnBound {
  readonly forMs: number;
  /** Source of the bound. */
  readonly source: string;
}

export interface FormCapabilities {
  readonly form: string;
  readonly destination: Destination['type'];
  /** Kinds of venue account payable by this form; empty for other destinations. */
  readonly accountKinds: readonly string[];
  readonly assets: readonly Asset[];
  readonly recovery: Recovery;
  readonly absence: AbsenceRule;
  /** Null if the venue names no bound: only two people can declare a request absent. */
  readonly honoured: Honoured | null;
  /** Most resends of a request proven absent, or most repeats with `replay`. */
  readonly maxResends: number;
  /**
   * `replay` only: time after the first send in which the same bytes are repeated. Shorter than the
   * venue remembers keys, by more than the longest transit.
   */
  readonly replayForMs?: number;
  /** Milliseconds after a restore in which the venue may execute a lost request (default: 0). */
  readonly forgottenForMs?: number;
  readonly cancellable: boolean;
  /**
   * Time after the settlement in which the money may come back, and records are read again. Absent:
   * a settlement is final.
   */
  readonly returnable?: ReturnBound;
  /** The venue lists records per recipient (account group): a listing must name the recipients. */
  readonly listedPerRecipient?: true;
  /** Other form listing the records of this form, in the same format. */
  readonly recordsWith?: string;
  readonly submitEndpoint: string;
  /**
   * Set if `prepare` reserves nothing: a new order is stored together with its first intent. Only
   * for forms whose records show a key of ours.
   */
  readonly sentAtOnce?: true;
  /** Set if the venue limits each asset or currency separately: each is a lane of the rate plan. */
  readonly lanes?: 'asset' | 'currency';
}

export interface VenueCapabilities {
  readonly venue: string;
  /** Payment forms. The assets may grow while the connector runs: read them again each time. */
  readonly forms: readonly FormCapabilities[];
  readonly added?: readonly AddedAsset[];
  /** EUR per unit, as decimal text, for built-in assets without a ceiling in any release. */
  readonly unitWorthsEur?: Readonly<Record<Asset, string>>;
  /** Balances are per asset, for example on chains (default: per currency). */
  readonly balancesOf?: 'asset';
  /** Milliseconds of watching for payments of refused or absent orders. Minimum and default: a day. */
  readonly watchForMs?: number;
}

const LEAST_WATCH_MS = 86_400_000;

/** Returns the time in ms for finding late payments of a refused or absent order. */
export function watchForMs({ watchForMs: given }: VenueCapabilities): number {
  return Math.max(given ?? 0, LEAST_WATCH_MS);
}

export function formFor(
  capabilities: VenueCapabilities,
  asset: Asset,
  destination: Destination,
): FormCapabilities | null {
  return (
    capabilities.forms.find((form) => pays(form, destination) && form.assets.includes(asset)) ??
    null
  );
}

/** Returns the form by name. Throws for an unknown form: a stored row would be at fault. */
export function formNamed(capabilities: VenueCapabilities, name: string): FormCapabilities {
  const form = capabilities.forms.find((candidate) => candidate.form === name);
  if (!form) throw new Error(`${capabilities.venue} has no form ${name}`);
  return form;
}

/** True if the venue's records carry no key of ours: payments differ by their fields only. */
export function isKeyless(form: FormCapabilities): boolean {
  return form.recovery === 'none' || form.recovery === 'dedupe';
}

/** Returns the narrowest limit of a submit: the lane of the asset or currency, else the endpoint. */
export function laneOf(
  form: Pick<FormCapabilities, 'submitEndpoint' | 'lanes'>,
  asset: Asset,
): string {
  if (form.lanes === undefined) return form.submitEndpoint;
  return `${form.submitEndpoint} ${form.lanes === 'asset' ? asset : currencyOf(asset)}`;
}

/** Returns the currencies of a form, for venues with no chain in their records. */
export function currenciesOf(form: FormCapabilities): readonly string[] {
  return [...new Set(form.assets.map(currencyOf))];
}

function pays(form: FormCapabilities, destination: Destination): boolean {
  if (form.destination !== destination.type) return false;
  return destination.type !== 'venue_account' || form.accountKinds.includes(destination.kind);
}

export interface AddedAsset {
  readonly asset: Asset;
  /** Venue's name of the chain, or of the currency on the chain. The name never changes. */
  readonly code: string;
  /**
   * False while an instance may not know the asset, and after removal. Accepted orders are still
   * paid.
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

/** Chain names of a venue: the built-in names by network, plus the added names. */
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

/** Reason to reject a chain name for an asset; null if valid. Names and networks are one to one. */
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

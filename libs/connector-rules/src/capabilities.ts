import type { Destination } from '@sluice/destination';
import { currencyOf, type Asset } from '@sluice/money';
import type { AddedAsset } from './added-asset.js';

/**
 * What a venue gives us to find a payment again after its answer was lost (ARCHITECTURE.md, "A submit, and what its outcome allows"):
 * `replay`: it answers a repeated key with the first result · `search`: its records can be searched by our key ·
 * `dedupe`: it refuses a repeated key, but records do not show it · `none`: it knows no key of ours.
 */
export type Recovery = 'replay' | 'search' | 'dedupe' | 'none';

/** How often and how long look-ups must stay empty until nothing can appear any more. */
export interface AbsenceRule {
  readonly emptyLookups: number;
  /** Milliseconds from the last byte that can have left to the last empty look-up; longer than the venue's listing delay. */
  readonly afterMs: number;
}

/**
 * For how long after a request left us the venue may still act on it: the life of its signature (receive window, `expires`, token),
 * and the longest delay on the way and inside. Before that time is over, by the venue's own clock, nothing is absent.
 */
export interface Honoured {
  readonly forMs: number;
  /** Where the venue says so, and what we added. */
  readonly source: string;
}

/**
 * How soon the venue's records show a payment. One look-up after a refusal by validation decides nothing earlier than this after the
 * answer. No venue documents its bound, so each is at least 30 s.
 */
export interface ListingBound {
  readonly withinMs: number;
  /** Where the venue states it, or that it is unconfirmed. */
  readonly source: string;
}

/** One way in which a venue pays, e.g. Gate's chain withdrawal or its transfer to a UID. */
export interface FormCapabilities {
  readonly form: string;
  readonly destination: Destination['type'];
  /** The kinds of venue account it pays to; empty for other destinations. */
  readonly accountKinds: readonly string[];
  readonly assets: readonly Asset[];
  readonly recovery: Recovery;
  readonly absence: AbsenceRule;
  /** Null where the venue names no such bound: then only two people can declare a request absent. */
  readonly honoured: Honoured | null;
  /** How often a request whose absence was proven is sent again before the withdrawal is given up as not sent; with `replay`, how often it is repeated. */
  readonly maxResends: number;
  /**
   * With `replay` only: for so long after the first send, an unknown outcome is answered by the same bytes under the same key.
   * Shorter than the venue remembers keys, by more than a request can be under way. Afterwards the records are all there is.
   */
  readonly replayForMs?: number;
  readonly cancellable: boolean;
  /** The venue lists its records per recipient (account group): a listing has to name those that it is about. */
  readonly listedPerRecipient?: true;
  /** Another form whose listing shows this one's records as well, read alike. */
  readonly recordsWith?: string;
  /** Name of the submit endpoint in the rate plan. */
  readonly submitEndpoint: string;
  /** Beside the endpoint's own limit the venue has one for each asset or currency (Bybit: for each coin and chain): a lane of the rate plan each. */
  readonly lanes?: 'asset' | 'currency';
}

export interface VenueCapabilities {
  readonly venue: string;
  /** Their assets may become more while the connector runs: they are asked for anew each time. */
  readonly forms: readonly FormCapabilities[];
  /** What was added so far; nothing unless told. */
  readonly added?: readonly AddedAsset[];
  /** Decimal text of EUR, by asset: what one unit is worth of what is built in here and no release has a ceiling of. */
  readonly unitWorthsEur?: Readonly<Record<Asset, string>>;
  /** Its balances are of an asset each, as on chains; of a currency unless said. */
  readonly balancesOf?: 'asset';
  /** Milliseconds for which the venue's records are watched for payments of what was refused or declared absent; at least, and by default, a day. */
  readonly watchForMs?: number;
}

const LEAST_WATCH_MS = 86_400_000;

/** For how long a payment may still turn up of what ended as if nothing had moved. */
export function watchForMs({ watchForMs: given }: VenueCapabilities): number {
  return Math.max(given ?? 0, LEAST_WATCH_MS);
}

/** The form that pays this asset to this destination; null when the venue cannot. */
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

/** Throws for a form the venue does not have: such a row can only be a fault of ours. */
export function formNamed(capabilities: VenueCapabilities, name: string): FormCapabilities {
  const form = capabilities.forms.find((candidate) => candidate.form === name);
  if (!form) throw new Error(`${capabilities.venue} has no form ${name}`);
  return form;
}

/** True when nothing of ours appears in the venue's records, so that payments are distinguished by their fields only. */
export function isKeyless(form: FormCapabilities): boolean {
  return form.recovery === 'none' || form.recovery === 'dedupe';
}

/** Name in the rate plan of what paces a submit most narrowly: the lane of its asset or currency where the form has lanes, else its endpoint. */
export function laneOf(
  form: Pick<FormCapabilities, 'submitEndpoint' | 'lanes'>,
  asset: Asset,
): string {
  if (form.lanes === undefined) return form.submitEndpoint;
  return `${form.submitEndpoint} ${form.lanes === 'asset' ? asset : currencyOf(asset)}`;
}

/** The currencies a form pays, for venues whose records name no chain. */
export function currenciesOf(form: FormCapabilities): readonly string[] {
  return [...new Set(form.assets.map(currencyOf))];
}

function pays(form: FormCapabilities, destination: Destination): boolean {
  if (form.destination !== destination.type) return false;
  return destination.type !== 'venue_account' || form.accountKinds.includes(destination.kind);
}

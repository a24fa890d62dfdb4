import type { RouteVenueDto } from '@sluice/http-api';

/** Venue of a route while a person changes it: each value as a text; an empty text is null. */
export interface VenueDraft {
  readonly venue: string;
  readonly pays: readonly string[];
  readonly state: string;
  readonly min_amount: string;
  readonly max_amount: string;
  readonly fee_percent: string;
  readonly fee_flat: string;
  readonly decimals: string;
  readonly submit_within_ms: string;
}

export const PAYS = ['address', 'venue_account', 'reference_account'] as const;
export const VENUE_STATES = ['on', 'paused', 'closing'] as const;

const DECIMAL = /^\d{1,24}(\.\d{1,30})?$/;
const WHOLE = /^\d{1,9}$/;

/** Default of the services: one hour. */
const DEFAULT_WITHIN_MS = '3600000';

export function draftOf(venue: Required<RouteVenueDto>): VenueDraft {
  return {
    venue: venue.venue,
    pays: venue.pays,
    state: venue.state ?? 'on',
    min_amount: venue.min_amount ?? '',
    max_amount: venue.max_amount ?? '',
    fee_percent: venue.fee_percent ?? '',
    fee_flat: venue.fee_flat ?? '',
    decimals: wholeText(venue.decimals),
    submit_within_ms: wholeText(venue.submit_within_ms),
  };
}

export function newDraft(venue: string): VenueDraft {
  return {
    venue,
    pays: ['address'],
    state: 'on',
    min_amount: '',
    max_amount: '',
    fee_percent: '',
    fee_flat: '',
    decimals: '',
    submit_within_ms: DEFAULT_WITHIN_MS,
  };
}

/** Moves a venue by one place towards the front (-1) or the end (1). */
export function moved(
  drafts: readonly VenueDraft[],
  venue: string,
  by: -1 | 1,
): readonly VenueDraft[] {
  const at = drafts.findIndex((draft) => draft.venue === venue);
  const [one, other] = [drafts[at], drafts[at + by]];
  if (one === undefined || other === undefined) return drafts;
  return drafts.map((draft) => (draft === one ? other : draft === other ? one : draft));
}

/** Returns the faults of the drafts, each as a sentence. */
export function faultsOf(drafts: readonly VenueDraft[]): readonly string[] {
  return drafts.flatMap((draft) => [
    ...(draft.pays.length === 0 ? [`${draft.venue}: it has to pay some kind of destination.`] : []),
    ...(['min_amount', 'max_amount', 'fee_percent', 'fee_flat'] as const).flatMap((field) =>
      draft[field] === '' || DECIMAL.test(draft[field])
        ? []
        : [`${draft.venue}: ${field.replaceAll('_', ' ')} is no decimal number.`],
    ),
    ...(['decimals', 'submit_within_ms'] as const).flatMap((field) =>
      draft[field] === '' || WHOLE.test(draft[field])
        ? []
        : [`${draft.venue}: ${field.replaceAll('_', ' ')} is no whole number.`],
    ),
  ]);
}

/** Body of a venue. Amounts keep each digit. */
export function venueOfDraft(draft: VenueDraft): object {
  return {
    venue: draft.venue,
    pays: draft.pays,
    state: draft.state,
    min_amount: orNull(draft.min_amount),
    max_amount: orNull(draft.max_amount),
    decimals: wholeOrNull(draft.decimals),
    fee_percent: orNull(draft.fee_percent),
    fee_flat: orNull(draft.fee_flat),
    submit_within_ms: wholeOrNull(draft.submit_within_ms),
  };
}

function wholeText(value: number | null): string {
  return value === null ? '' : `${value}`;
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}

/** A count of few digits, which is no amount. */
function wholeOrNull(text: string): unknown {
  return WHOLE.test(text) ? JSON.parse(text.replace(/^0+(?=\d)/, '')) : null;
}

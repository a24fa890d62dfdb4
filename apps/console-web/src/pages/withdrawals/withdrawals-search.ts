import type { WithdrawalListQuery } from '@sluice/http-api';
import { OPEN_STATES, WITHDRAWAL_STATES } from '../../format/states.js';

/** Filters with a text of their own in the URL. */
export const TEXT_FILTERS = {
  q: 'Search',
  venue: 'Venue',
  currency: 'Currency',
  network: 'Network',
  account_id: 'Account',
  client_reference: 'Client reference',
  requested_since: 'Requested since (UTC)',
  requested_before: 'Requested before (UTC)',
} as const;

type TextFilter = keyof typeof TEXT_FILTERS;
type ListedState = (typeof WITHDRAWAL_STATES)[number];

/** View of the list, as in the URL. */
export interface WithdrawalsSearch {
  readonly filters: Readonly<Partial<Record<TextFilter, string>>>;
  readonly states: readonly ListedState[];
  /** Page; undefined for the newest withdrawals. */
  readonly cursor: string | undefined;
  readonly columns: string | undefined;
}

const NAMES = Object.keys(TEXT_FILTERS) as readonly TextFilter[];
const PAGE_ROWS = 50;
/** Word in the URL for all states in which money may still move. */
const OPEN = 'open';

/** Reads the view from the URL; unknown names and states are left out. */
export function readSearch(
  search: Readonly<Record<string, string | undefined>>,
): WithdrawalsSearch {
  const filters: Partial<Record<TextFilter, string>> = {};
  for (const name of NAMES) {
    const text = search[name]?.trim();
    if (text) filters[name] = text;
  }
  const named = (search['state'] ?? '').split(',');
  return {
    filters,
    states: WITHDRAWAL_STATES.filter(
      (state) => named.includes(state) || (named.includes(OPEN) && OPEN_STATES.includes(state)),
    ),
    cursor: search['cursor'],
    columns: search['columns'],
  };
}

/** Writes the view for the URL. */
export function writeSearch({
  filters,
  states,
  cursor,
  columns,
}: WithdrawalsSearch): Record<string, string | undefined> {
  return {
    ...filters,
    state: states.length === 0 ? undefined : isEveryOpenState(states) ? OPEN : states.join(','),
    cursor,
    columns,
  };
}

/** True for exactly the states in which money may still move. */
export function isEveryOpenState(states: readonly ListedState[]): boolean {
  return (
    states.length === OPEN_STATES.length && states.every((state) => OPEN_STATES.includes(state))
  );
}

/** Query of the list at intake-api. */
export function listQuery({ filters, states, cursor }: WithdrawalsSearch): WithdrawalListQuery {
  const { requested_since: since, requested_before: before, ...texts } = filters;
  return {
    ...texts,
    ...(since !== undefined && { requested_since: utcInstant(since) }),
    ...(before !== undefined && { requested_before: utcInstant(before) }),
    ...(states.length > 0 && { state: states }),
    ...(cursor !== undefined && { cursor }),
    limit: PAGE_ROWS,
  };
}

/** A time without a zone counts as UTC: `2026-11-30T14:00` is `2026-11-30T14:00:00Z`. */
export function utcInstant(text: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return `${text}T00:00:00Z`;
  if (/T\d\d:\d\d$/.test(text)) return `${text}:00Z`;
  return /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`;
}

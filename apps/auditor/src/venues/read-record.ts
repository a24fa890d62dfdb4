import { collectWindow } from '@sluice/connector-engine';
import { type ListedWithdrawal, movedNothing, type UnreadableRow } from '@sluice/connector-rules';
import { type Asset, currencyOf, programOf } from '@sluice/kernel';
import { WALLET } from '@sluice/messages';
import { type CoveredVenue, LISTS_NO_ACCOUNTS } from './venue-table.js';
import type { PaymentRow } from './store-reading.js';

export interface RecordEnd {
  /** Number of payments in the record. */
  readonly listed: number;
  /** Why the record was not read to its end; null if it was. */
  readonly fault: string | null;
}

/**
 * Reads a record's windows, in halves beyond too many pages, and stores payments as seen at
 * `seenAt`. A row without id is only reported.
 */
export async function readRecord(
  venue: CoveredVenue,
  windows: readonly ReadingWindow[],
  seenAt: Date,
  store: (rows: readonly PaymentRow[], seenAt: Date) => Promise<unknown>,
  onUnreadable: (row: UnreadableRow) => void = () => undefined,
): Promise<RecordEnd> {
  let listed = 0;
  const keep: OnPage = async (records, unreadable) => {
    unreadable.forEach(onUnreadable);
    const timeless = unreadable.flatMap(({ draft }) =>
      draft === null || draft.venueReference === '' ? [] : [{ ...draft, createdAt: seenAt }],
    );
    const rows = [...records, ...timeless].map((one) => paymentRow(venue.venue, one));
    listed += rows.length;
    if (rows.length > 0) await store(rows, seenAt);
    return false;
  };
  const { forms } = venue.record.adapter.capabilities;
  for (const { form } of forms.filter(isListed(venue.venue)))
    for (const window of windows) {
      const fault = await readWindow(venue, { form, ...window }, keep);
      if (fault !== null) return { listed, fault };
    }
  return { listed, fault: null };
}

type OnPage = Parameters<typeof collectWindow>[3];

async function readWindow(
  { record, clock }: CoveredVenue,
  first: ReadingWindow & { readonly form: string },
  keep: OnPage,
): Promise<string | null> {
  const waiting = [first];
  for (let window = waiting.pop(); window !== undefined; window = waiting.pop()) {
    const end = await collectWindow(record.adapter, clock, window, keep);
    if (end.kind !== 'unavailable') continue;
    const halves = end.isTooLong ? halvesOf(window) : null;
    if (halves === null) return end.cause;
    for (const half of halves.toReversed()) waiting.push({ form: first.form, ...half });
  }
  return null;
}

interface Form {
  readonly destination: string;
  readonly recordsWith?: string;
}

/** Each record is read in a single form. */
function isListed(venue: string): (form: Form) => boolean {
  return ({ destination, recordsWith }) =>
    recordsWith === undefined &&
    (destination === 'address' || !LISTS_NO_ACCOUNTS.has(programOf(venue)));
}

/** Overlap of two readings. A record that is listed later is found by the deep reading. */
const OVERLAP_MS = 120_000;
/** Reach of a deep reading: the time for which a connector watches an ended payment. */
const DEEP_MS = 86_400_000;
/** Longest window of a request, to stay below the most pages of a window. */
const LONGEST_MS = 6 * 3_600_000;

interface Progress {
  readonly now: Date;
  /** End of the last complete reading, by the venue's clock; null before the first. */
  readonly readThrough: Date | null;
  /** Time of the oldest payment without a final state. */
  readonly oldestOpen: Date | null;
  readonly isDeep: boolean;
}

interface ReadingWindow {
  readonly from: Date;
  readonly to: Date;
}

export function readingWindows({
  now,
  readThrough,
  oldestOpen,
  isDeep,
}: Progress): readonly ReadingWindow[] {
  const starts = [
    (readThrough ?? now).getTime() - OVERLAP_MS,
    ...(isDeep || readThrough === null ? [now.getTime() - DEEP_MS] : []),
    ...(oldestOpen === null ? [] : [oldestOpen.getTime() - OVERLAP_MS]),
  ];
  return windowsBetween(new Date(Math.min(...starts)), now);
}

/** Returns overlapping windows of a period, the oldest first. */
export function windowsBetween(begin: Date, now: Date): readonly ReadingWindow[] {
  const windows: ReadingWindow[] = [];
  for (let from = begin.getTime(); from < now.getTime(); from += LONGEST_MS - OVERLAP_MS)
    windows.push({
      from: new Date(from),
      to: new Date(Math.min(now.getTime(), from + LONGEST_MS)),
    });
  return windows;
}

/** Returns the overlapping halves of a window with too many pages, the oldest first; null for a short window. */
export function halvesOf({ from, to }: ReadingWindow): readonly ReadingWindow[] | null {
  const spanMs = to.getTime() - from.getTime();
  if (spanMs < 4 * OVERLAP_MS) return null;
  const middleMs = from.getTime() + spanMs / 2;
  return [
    { from, to: new Date(middleMs + OVERLAP_MS / 2) },
    { from: new Date(middleMs - OVERLAP_MS / 2), to },
  ];
}

function paymentRow(venue: string, record: ListedWithdrawal): PaymentRow {
  const { currency, destination } = record;
  const net = record.net?.toString() ?? null;
  const unlisted = net === null ? null : unlistedKey(venue, currency, net);
  return {
    venue,
    venue_reference: record.venueReference,
    form: record.form,
    client_reference: record.clientReference,
    currency,
    network: record.network,
    destination,
    net,
    gross: record.gross?.toString() ?? null,
    venue_fee: record.venueFee?.toString() ?? null,
    equality_key:
      net === null || destination === null ? unlisted : keyOf(currency, net, destination),
    unlisted_key: unlisted,
    status: statusOf(record),
    venue_status: record.venueStatus,
    tx_hash: record.txHash,
    created_at: record.createdAt,
  };
}

/** A failed record with a transaction is a payment with an open end. */
function statusOf(record: ListedWithdrawal): ListedWithdrawal['status']['kind'] {
  const { kind } = record.status;
  return kind === 'failed' && !movedNothing(record) ? 'pending' : kind;
}

/** Stands for the recipient of a payment whose record names none. */
const UNLISTED = '?';

interface Payable {
  readonly venue: string;
  readonly asset: Asset;
  /** Canonical decimal text. */
  readonly amount: string;
  readonly destination: string;
  readonly isAddress: boolean;
}

/**
 * Text of equality of order and payment: currency, recipient's amount, recipient, and the network
 * only for the wallet, because records of venues name none.
 */
export function keyOfOrder({ venue, asset, amount, destination, isAddress }: Payable): string {
  const recipient = isAddress || listsAccounts(venue) ? destination : UNLISTED;
  return keyOf(venue === WALLET ? asset : currencyOf(asset), amount, recipient);
}

export function keyOf(currency: string, amount: string, recipient: string): string {
  return `${currency} ${amount} ${recipient}`;
}

/** Key of a payment whose recipient the venue does not list; null where every recipient is listed. */
export function unlistedKey(venue: string, currency: string, amount: string): string | null {
  return listsAccounts(venue) ? null : keyOf(currency, amount, UNLISTED);
}

function listsAccounts(venue: string): boolean {
  return !LISTS_NO_ACCOUNTS.has(programOf(venue));
}

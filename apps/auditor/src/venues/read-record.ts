import { collectWindow } from '@sluice/connector-engine';
import type { UnreadableRow } from '@sluice/connector-rules';
import { programOf } from '@sluice/kernel';
import { type Database, rowsJson } from '@sluice/postgres';
import type { CoveredVenue } from './covered-venues.js';
import { paymentRow } from './payment-row.js';
import { KEEP_PAYMENTS } from './payment-sql.js';
import { halvesOf, type ReadingWindow } from './reading-windows.js';
import { LISTS_NO_ACCOUNTS } from './venue-table.js';

export interface RecordEnd {
  /** Number of payments in the record. */
  readonly listed: number;
  /** Why the record was not read to its end; null if it was. */
  readonly fault: string | null;
}

/**
 * Reads the windows of a venue's record, and stores the payments as seen at `seenAt`. A window with
 * too many pages is read in halves. A row without readable time is a payment seen at `seenAt`; a row
 * without id is only reported.
 */
export async function readRecord(
  venue: CoveredVenue,
  windows: readonly ReadingWindow[],
  seenAt: Date,
  database: Pick<Database, 'query'>,
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
    if (rows.length > 0) await database.query(KEEP_PAYMENTS, [rowsJson(rows), seenAt]);
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

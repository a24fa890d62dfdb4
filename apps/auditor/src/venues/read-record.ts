import { collectWindow } from '@sluice/connector-engine';
import { type Database, rowsJson } from '@sluice/postgres';
import type { CoveredVenue } from './covered-venues.js';
import { paymentRow } from './payment-row.js';
import { KEEP_PAYMENTS } from './payment-sql.js';
import type { ReadingWindow } from './reading-windows.js';
import { LISTS_NO_ACCOUNTS } from './venue-table.js';

/**
 * Reads the windows of a venue's record, and stores the payments as seen at `seenAt`. Returns the
 * reason why the record was not read to its end; null if it was.
 */
export async function readRecord(
  { venue, record, clock }: CoveredVenue,
  windows: readonly ReadingWindow[],
  seenAt: Date,
  database: Pick<Database, 'query'>,
): Promise<string | null> {
  for (const form of record.adapter.capabilities.forms.filter(isListed(venue)))
    for (const window of windows) {
      const end = await collectWindow(
        record.adapter,
        clock,
        { form: form.form, ...window },
        async (records) => {
          const rows = records.map((one) => paymentRow(venue, one));
          if (rows.length > 0) await database.query(KEEP_PAYMENTS, [rowsJson(rows), seenAt]);
          return false;
        },
      );
      if (end.kind === 'unavailable') return end.cause;
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
    recordsWith === undefined && (destination === 'address' || !LISTS_NO_ACCOUNTS.has(venue));
}

import { currencyOf, type Amount } from '@sluice/kernel';
import { isKeyless, type FormCapabilities } from './capabilities.js';
import { isSameAmount } from './recorded-amount.js';
import type { ListedWithdrawal } from './venue-adapter.js';

/** Order with a possible record at the venue. */
export interface WantedRecord {
  readonly clientReference: string;
  /** Null for forms without a chain. */
  readonly network: string | null;
  readonly destination: string;
  /** Amount for the recipient. */
  readonly amount: Amount;
  /** Amount debited by the venue, as requested; null for an order not sent by this connector. */
  readonly gross: Amount | null;
  /** Lower bound of the record's time, by the venue's clock. */
  readonly since: Date;
}

const VENUE_TIME_STEP_MS = 1_000; // venues cut their times to whole seconds

/**
 * Returns the records possibly of this order: by our reference if the venue's records carry the
 * reference, otherwise by the common fields.
 */
export function matchingRecords(
  form: FormCapabilities,
  wanted: WantedRecord,
  records: readonly ListedWithdrawal[],
): ListedWithdrawal[] {
  return records.filter((record) =>
    isKeyless(form) ? fits(wanted, record) : record.clientReference === wanted.clientReference,
  );
}

/**
 * Returns records of a keyless form with no recipient and no other difference from this order. No
 * such record is ever matched to the order. While a record like this exists, absence of the order's
 * record is not proven.
 */
export function recordsWithoutRecipient(
  form: FormCapabilities,
  wanted: WantedRecord,
  records: readonly ListedWithdrawal[],
): ListedWithdrawal[] {
  return isKeyless(form)
    ? records.filter((record) => record.destination === null && fitsButForRecipient(wanted, record))
    : [];
}

/** A record without a recipient matches no order. */
function fits(wanted: WantedRecord, record: ListedWithdrawal): boolean {
  return record.destination === wanted.destination && fitsButForRecipient(wanted, record);
}

function fitsButForRecipient(wanted: WantedRecord, record: ListedWithdrawal): boolean {
  return (
    record.currency === currencyOf(wanted.amount.asset) &&
    (record.network === null || wanted.network === null || record.network === wanted.network) &&
    (wanted.gross === null
      ? isSameAmount(wanted.amount, record.net ?? record.gross)
      : isSameAmount(wanted.gross, record.gross)) &&
    record.createdAt.getTime() + VENUE_TIME_STEP_MS > wanted.since.getTime()
  );
}

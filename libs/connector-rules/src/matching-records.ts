import { currencyOf, type Amount } from '@sluice/money';
import { isKeyless, type FormCapabilities } from './capabilities.js';
import { isSameAmount } from './recorded-amount.js';
import type { ListedWithdrawal } from './venue-adapter.js';

/** An order that may have a record at the venue. */
export interface WantedRecord {
  readonly clientReference: string;
  /** Null for forms without a chain. */
  readonly network: string | null;
  readonly destination: string;
  /** What the recipient gets. */
  readonly amount: Amount;
  /** What the request asked the venue to take; null for an order that was not sent from here. */
  readonly gross: Amount | null;
  /** No record of it is older, by the venue's clock. */
  readonly since: Date;
}

const VENUE_TIME_STEP_MS = 1_000; // venues cut their times to whole seconds

/** The records that may be this order's: by our reference where the venue's records carry it, else by what both say. */
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
 * Where the venue's records carry no key of ours: those that name no recipient and say nothing else against being this order's. None is
 * ever taken for it, and while there is one nobody can say that the order has none.
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

/** A record that does not name its recipient fits nothing. */
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

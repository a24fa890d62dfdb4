import { allOf, listOf, mapOf, someOf, textLike, type ValueCheck, wholeNumber } from './check.js';
import type { BookedPayment } from './facts.js';
import type { Scripts } from './payment-book.js';

/** Other fields of a payment's row in lists and answers about one record. */
interface RecordChange {
  /** Amount of the recipient of the payments concerned; empty: all payments. */
  readonly net_amount: string;
  /** Source text of a JSON text, number, boolean or null by field; empty: the field is missing. */
  readonly fields: Readonly<Record<string, string>>;
}

const SOURCE = /^("[^"\\]*"|-?[0-9.eE+-]+|true|false|null|)$/;

export const checkRecordChanges: ValueCheck = listOf(
  allOf({
    net_amount: textLike(/^[0-9.]{0,60}$/),
    fields: mapOf(/^[A-Za-z0-9_]{1,64}$/, textLike(SOURCE)),
  }),
);

/** `JSON.rawJSON` of ECMAScript 2026: a number keeps its source text. */
const RAW = JSON as JSON & { rawJSON(source: string): object };

export function changedRow(
  row: object,
  { net_amount: amount }: Pick<BookedPayment, 'net_amount'>,
  changes: readonly RecordChange[],
): object {
  const fields = changes
    .filter(({ net_amount: of }) => of === '' || of === amount)
    .flatMap((change) => Object.entries(change.fields))
    .map(([name, source]) => [name, source === '' ? undefined : RAW.rawJSON(source)] as const);
  return fields.length === 0 ? row : { ...row, ...Object.fromEntries(fields) };
}

const DAY_MS = 86_400_000;

/** Checks of settings common to several venues. */
export const milliseconds = wholeNumber(0, 30 * DAY_MS);
export const limitFields = {
  requests: wholeNumber(1, 1_000_000_000),
  per_ms: wholeNumber(1, DAY_MS),
};
export const rateLimit = someOf(limitFields);
export const text = textLike(/^.{0,512}$/s);

/** Settings common to every venue. */
export interface CommonSettings {
  readonly status_ms: Readonly<Record<string, number>>;
  readonly scripts: Scripts;
  readonly listing_delay_ms: number;
  readonly hang_ms: number;
  readonly slow_listing_ms: number;
  readonly balances: Readonly<Record<string, string>>;
  readonly record_changes: readonly RecordChange[];
}

/** The delays of listings and of faults. */
export const DELAYS = { listing_delay_ms: 0, hang_ms: 20_000, slow_listing_ms: 5_000 };
export const UNCHANGED = { record_changes: [] };
export const CHANGE_CHECKS = { record_changes: checkRecordChanges };
export const DELAY_CHECKS = {
  listing_delay_ms: milliseconds,
  hang_ms: milliseconds,
  slow_listing_ms: milliseconds,
};

export const statusTimes = (passingStatuses: readonly string[]): ValueCheck =>
  someOf(Object.fromEntries(passingStatuses.map((status) => [status, milliseconds])));

/** Checks available balances. Default: up to 18 decimals. */
export const balancesOf = (
  currencies: readonly string[],
  amount = /^[0-9]{1,30}(\.[0-9]{1,18})?$/,
): ValueCheck => mapOf(new RegExp(`^(${currencies.join('|')})$`), textLike(amount));

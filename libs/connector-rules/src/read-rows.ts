import {
  Amount,
  amountFault,
  destinationFault,
  foldedName,
  isObject,
  memoFault,
  networkOf,
  wireDecimal,
  wireText,
} from '@sluice/kernel';
import { currenciesOf, type VenueCapabilities } from './capabilities.js';
import type {
  DraftRecord,
  ListedWithdrawal,
  Preparation,
  UnreadableRow,
  VenueBalance,
  VenueBalances,
  WithdrawalOrder,
} from './venue-adapter.js';

type ListedRow = Readonly<Record<string, unknown>>;

interface RowFields {
  readonly id: string;
  readonly time: string;
}

export interface ReadRows {
  readonly records: readonly ListedWithdrawal[];
  /** Missing if every row is a record. */
  readonly unreadable?: readonly UnreadableRow[];
}

const LONGEST_VALUE = 200;

/** Separates the records of a page from the rows that are no record, each row by itself. */
export function readRows(
  rows: readonly unknown[],
  fields: RowFields,
  draftOf: (row: ListedRow) => DraftRecord,
): ReadRows {
  const records: ListedWithdrawal[] = [];
  const unreadable: UnreadableRow[] = [];
  for (const row of rows) {
    const draft = isObject(row) ? draftOf(row) : null;
    const record = draft && completeRecord(draft);
    if (record !== null) records.push(record);
    else unreadable.push(unreadableRow(row, fields, draft));
  }
  return { records, ...(unreadable.length > 0 && { unreadable }) };
}

/** Returns the record of a draft with id and time, otherwise null. */
export function completeRecord(draft: DraftRecord): ListedWithdrawal | null {
  const { createdAt, venueReference } = draft;
  return createdAt === null || venueReference === '' ? null : { ...draft, createdAt };
}

function unreadableRow(row: unknown, fields: RowFields, draft: DraftRecord | null): UnreadableRow {
  if (!isObject(row)) return { field: 'row', value: shown(row), draft: null };
  const field = draft?.venueReference === '' ? fields.id : fields.time;
  return { field, value: shown(row[field]), draft };
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'missing').slice(0, LONGEST_VALUE);
}

/** Field names of a venue's balance row: the currency, and the amounts to add up. */
interface BalanceFields {
  readonly currency: string;
  readonly parts: readonly string[];
}

/**
 * Returns the balances of all payable currencies, 0 without a row. Null if a row is unreadable or
 * `rows` is no array.
 */
export function balancesOf(
  { forms }: VenueCapabilities,
  rows: unknown,
  fields: BalanceFields,
): VenueBalances | null {
  if (!Array.isArray(rows)) return null;
  const named = rows.map((row: unknown) => ({
    row,
    currency: foldedName(wireText(fieldOf(row, fields.currency))),
  }));
  const areAllNamed = !named.some(({ currency }) => currency === '');
  const balances: VenueBalance[] = [];
  for (const currency of new Set(forms.flatMap(currenciesOf))) {
    const own = named.find((one) => one.currency === currency);
    if (own === undefined && !areAllNamed) return null;
    const parts = fields.parts.map((part) => (own === undefined ? '0' : fieldOf(own.row, part)));
    const amounts = parts.map((part) => recordedAmount(part, { currency, network: null }));
    const read = amounts.filter((amount): amount is Amount => amount !== null);
    const [first, ...rest] = read;
    if (first === undefined || read.length < amounts.length) return null;
    balances.push({ currency, total: rest.reduce((sum, part) => sum.plus(part), first) });
  }
  return { kind: 'balances', balances };
}

function fieldOf(row: unknown, name: string): unknown {
  return typeof row === 'object' && row !== null
    ? (row as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** Network of a record without one: inside a venue a currency is on no chain. */
const NO_NETWORK = '-';

/** Reads an amount of a record, in the asset of the record; null for a value without an amount. */
export function recordedAmount(
  value: unknown,
  { currency, network }: Pick<ListedWithdrawal, 'currency' | 'network'>,
): Amount | null {
  const text = wireDecimal(value);
  return text === null ? null : Amount.of(text, `${currency}.${network ?? NO_NETWORK}`);
}

/** Formats an amount for people; `(none)` if unreadable. */
export function recordedText(recorded: Amount | null): string {
  return recorded?.toString() ?? '(none)';
}

/** Refusal of an order that the venue could never pay; null: the venue may be asked. */
export function ruleFault(
  venue: string,
  { asset, amount, destination }: Pick<WithdrawalOrder, 'asset' | 'amount' | 'destination'>,
): Extract<Preparation, { kind: 'refused' }> | null {
  const memo =
    destination.type === 'address' ? memoFault(networkOf(asset), destination.memo) : null;
  const message = destinationFault(venue, destination) ?? (memo && `memo: ${memo}`);
  if (message !== null) return { kind: 'refused', reason: 'invalid_destination', message };
  const fault = amountFault(venue, amount);
  return fault === null ? null : { kind: 'refused', reason: 'invalid_amount', message: fault };
}

import {
  type Amount,
  compareRecipients,
  currencyOf,
  leastAlike,
  type Likeness,
} from '@sluice/kernel';
import { type FormCapabilities, isKeyless } from './capabilities.js';
import type { ListedWithdrawal } from './venue-adapter.js';

export interface ComparedOrder {
  /** Null for forms without a chain. */
  readonly network: string | null;
  readonly destination: string;
  readonly amount: Amount;
  /** Amount debited by the venue, as requested; null for an order not sent by this connector. */
  readonly gross: Amount | null;
}

/** Comparison of a field. `isMissing`: the venue reports no value, which contradicts no order. */
export interface ComparedField {
  readonly field: 'currency' | 'network' | 'destination' | 'gross amount' | 'amount received';
  readonly asked: string;
  readonly done: string;
  readonly likeness: Likeness;
  readonly isMissing: boolean;
}

/** Marks a name of the record without a name of ours, e.g. `?NEW`. */
const NOT_KNOWN = '?';

/** Compares a record with the order. A field is `different` only if no other spelling explains it. */
export function compareRecord(order: ComparedOrder, record: ListedWithdrawal): ComparedField[] {
  const currency = currencyOf(order.amount.asset);
  const field = (
    name: ComparedField['field'],
    asked: string,
    done: string | null,
    likeness: Likeness,
  ): ComparedField => ({
    field: name,
    asked,
    done: done ?? '(none)',
    likeness,
    isMissing: done === null,
  });
  const { network, destination, gross, net } = record;
  const fields = [
    field('currency', currency, record.currency, likenessOfName(currency, record.currency)),
    field('network', order.network ?? 'none', network, likenessOfNetwork(order.network, network)),
    field(
      'destination',
      order.destination,
      destination,
      compareRecipients(order.network, order.destination, destination),
    ),
  ];
  // Amounts of two currencies cannot be compared.
  if (fields[0]?.likeness === 'different') return fields;
  const askedGross = order.gross ?? order.amount;
  const doneGross = order.gross === null ? (net ?? gross) : gross;
  const amount = (name: ComparedField['field'], asked: Amount, done: Amount | null) =>
    field(name, asked.toString(), done && done.toString(), likenessOfAmount(asked, done));
  fields.push(amount('gross amount', askedGross, doneGross));
  if (order.gross !== null) fields.push(amount('amount received', order.amount, net));
  return fields;
}

/**
 * Compares the fields of a record without a proven owner with an order. A record without recipient
 * or amount proves nothing. The gross amount decides, because the venue sets the fee.
 */
export function likenessByFields(order: ComparedOrder, record: ListedWithdrawal): Likeness {
  const isRewritten = mayHaveOtherFee(order, record);
  // Most records have another amount: their recipients need no comparison.
  if (!isRewritten && likenessOfGross(order, record) === 'different') return 'different';
  return leastAlike(
    compareRecord(order, record).flatMap(({ field, likeness, isMissing }) => {
      if (field === 'amount received' || (field === 'network' && isMissing)) return [];
      const isOfFee = field === 'gross amount' && isRewritten;
      return likeness === 'different' && isOfFee ? ['cannot_tell'] : [likeness];
    }),
  );
}

function likenessOfGross(
  { amount, gross }: ComparedOrder,
  { gross: recorded, net }: ListedWithdrawal,
): Likeness {
  return gross === null
    ? likenessOfAmount(amount, net ?? recorded)
    : likenessOfAmount(gross, recorded);
}

/** A venue may report the ordered amount with another fee, or in the other column. */
function mayHaveOtherFee(
  { amount, gross }: ComparedOrder,
  { gross: recordedGross, net, venueFee }: ListedWithdrawal,
): boolean {
  const figures = [recordedGross, net].flatMap((one) => {
    const figure = one?.restatedIn(amount.asset);
    if (figure === undefined) return [];
    const fee = venueFee?.restatedIn(amount.asset);
    return fee === undefined ? [figure] : [figure, figure.plus(fee), figure.minus(fee)];
  });
  return figures.some((one) => one.equals(amount) || (gross?.equals(one) ?? false));
}

/** Whether a record belongs to an order: by our reference if records carry one, else by the fields. */
function likenessOfRecord(
  form: FormCapabilities,
  order: ComparedOrder & { readonly clientReference: string },
  record: ListedWithdrawal,
): Likeness {
  const { clientReference: carried, isDraft = false } = record;
  if (isKeyless(form)) return leastAlike([likenessByFields(order, record), asDraft(isDraft)]);
  if (carried === order.clientReference) return asDraft(isDraft);
  if (carried !== null && carried !== '' && !isSpellingOf(order.clientReference, carried))
    return 'different';
  return likenessByFields(order, record) === 'different' ? 'different' : 'cannot_tell';
}

function asDraft(isDraft: boolean): Likeness {
  return isDraft ? 'cannot_tell' : 'same';
}

/** True if the record proves that no money moved: failed, and no transaction was ever reported. */
export function movedNothing(
  { status, txHash }: ListedWithdrawal,
  reportedHash: string | null = null,
): boolean {
  if (status.kind !== 'failed') return false;
  return status.isProven === true || (txHash === null && reportedHash === null);
}

/** A venue may name a coin with its chain: `USDT-TRC20` is no other coin than `USDT`. */
function likenessOfName(asked: string, done: string): Likeness {
  if (asked === done) return 'same';
  const parts = done.toUpperCase().split(/[^A-Z0-9]+/);
  const isReadable = done !== '' && !done.startsWith(NOT_KNOWN);
  return isReadable && !parts.includes(asked.toUpperCase()) ? 'different' : 'cannot_tell';
}

function likenessOfNetwork(asked: string | null, done: string | null): Likeness {
  if (asked === done) return 'same';
  if (asked === null || done === null || done.startsWith(NOT_KNOWN)) return 'cannot_tell';
  return 'different';
}

/** A reference cut short, or in another case, may be ours. */
function isSpellingOf(asked: string, done: string): boolean {
  const [ours, theirs] = [asked.toLowerCase(), done.toLowerCase()];
  return ours.startsWith(theirs) || theirs.includes(ours);
}

function likenessOfAmount(asked: Amount, recorded: Amount | null): Likeness {
  const done = recorded?.restatedIn(asked.asset);
  if (done === undefined || isCutShort(asked, done)) return 'cannot_tell';
  return done.equals(asked) ? 'same' : 'different';
}

/** Largest relative error of a figure that a venue kept in binary floating point. */
const BINARY_ERROR = '0.000000001';

/** A venue may report an amount with fewer digits. */
function isCutShort(asked: Amount, done: Amount): boolean {
  if (done.equals(asked)) return false;
  const decimals = Math.min(asked.decimals(), done.decimals());
  const cut = [asked.roundedDown(decimals), asked.roundedUp(decimals)];
  if (!done.isZero() && cut.some((one) => one.equals(done))) return true;
  const apart = done.lessThan(asked) ? asked.minus(done) : done.minus(asked);
  return apart.lessThan(asked.times(BINARY_ERROR));
}

export interface WantedRecord extends ComparedOrder {
  readonly clientReference: string;
  /** Lower bound of the record's time, by the venue's clock. */
  readonly since: Date;
}

/** Records of an order, and records of which the owner cannot be told. */
export interface Matches {
  readonly same: readonly ListedWithdrawal[];
  /** Never matched to the order. While such a record exists, absence is not proven. */
  readonly unclear: readonly ListedWithdrawal[];
}

const VENUE_TIME_STEP_MS = 1_000; // venues cut their times to whole seconds

/** Sorts the records by the comparison with an order, by our reference or by the fields. */
export function matchingRecords(
  form: FormCapabilities,
  wanted: WantedRecord,
  records: readonly ListedWithdrawal[],
): Matches {
  const isInTime = ({ clientReference, createdAt, isDraft }: ListedWithdrawal): boolean =>
    isDraft === true ||
    clientReference === wanted.clientReference ||
    createdAt.getTime() + VENUE_TIME_STEP_MS > wanted.since.getTime();
  return matchesOf(form, wanted, records.filter(isInTime));
}

/** Sorts records of the time of an order. */
export function matchesOf(
  form: FormCapabilities,
  order: ComparedOrder & { readonly clientReference: string },
  records: readonly ListedWithdrawal[],
): Matches {
  const compared = records.map((record) => ({
    record,
    likeness: likenessOfRecord(form, order, record),
  }));
  const like = (wanted: string): ListedWithdrawal[] =>
    compared.flatMap(({ record, likeness }) => (likeness === wanted ? [record] : []));
  return { same: like('same'), unclear: like('cannot_tell') };
}

/** Returns the origin of our reference at a venue; null for text not written by us. */
export function originOf(reference: string): 'client_reference' | 'withdrawal' | null {
  if (!/^[cw][0-9A-Za-z]{22,31}$/.test(reference)) return null;
  return reference.startsWith('c') ? 'client_reference' : 'withdrawal';
}

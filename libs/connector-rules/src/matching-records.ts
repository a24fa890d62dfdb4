import { likenessOfRecord, type ComparedOrder } from './compare-record.js';
import type { FormCapabilities } from './capabilities.js';
import type { ListedWithdrawal } from './venue-adapter.js';

/** Order with a possible record at the venue. */
export interface WantedRecord extends ComparedOrder {
  readonly clientReference: string;
  /** Lower bound of the record's time, by the venue's clock. */
  readonly since: Date;
}

/** Records of an order, and records of which the owner cannot be told. */
interface Matches {
  readonly same: readonly ListedWithdrawal[];
  /** Never matched to the order. While such a record exists, absence is not proven. */
  readonly unclear: readonly ListedWithdrawal[];
}

const VENUE_TIME_STEP_MS = 1_000; // venues cut their times to whole seconds

/**
 * Sorts the records by the comparison with an order: by our reference if the venue's records carry
 * the reference, otherwise by the common fields. A record with our reference matches at any time.
 */
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

import type { ListedWithdrawal, UnreadableRow, VenueSpan } from '@sluice/connector-rules';
import type { CollectEnd, OnPage } from './collect-window.js';

/** Removes repetitions of a record. A row without id may be another payment each time. */
export function uniqueRecords(records: readonly ListedWithdrawal[]): ListedWithdrawal[] {
  const unnamed = records.filter(({ venueReference }) => venueReference === '');
  const named = records.filter(({ venueReference }) => venueReference !== '');
  return [...new Map(named.map((record) => [record.venueReference, record])).values(), ...unnamed];
}

/**
 * Collects the records of a window for the search of payments. An unreadable row takes part with
 * the readable fields: only orders possibly paid by the row wait. A row without any readable field
 * may be every payment, and no span is covered.
 */
export class SearchedRecords {
  readonly records: ListedWithdrawal[] = [];
  private isWhole = true;

  /** `now`: the venue's time, in place of a time that cannot be read. */
  constructor(private readonly now: Date) {}

  readonly onPage: OnPage = (records, unreadable) => {
    this.records.push(...records, ...unreadable.flatMap((row) => this.draftOf(row)));
    return Promise.resolve(false);
  };

  /** Returns the span in which silence about a payment counts. */
  covered({ listed }: Extract<CollectEnd, { kind: 'complete' }>): VenueSpan | null {
    return this.isWhole ? listed : null;
  }

  private draftOf({ draft }: UnreadableRow): ListedWithdrawal[] {
    this.isWhole &&= draft !== null;
    return draft === null
      ? []
      : [{ ...draft, createdAt: draft.createdAt ?? this.now, isDraft: true }];
  }
}

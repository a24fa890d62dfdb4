import { isObject } from '@sluice/kernel';
import type { DraftRecord, ListedWithdrawal, UnreadableRow } from './venue-adapter.js';

type ListedRow = Readonly<Record<string, unknown>>;

/** The venue's names of the fields without which a row is no record. */
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

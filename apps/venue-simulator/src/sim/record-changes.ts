import { allOf, listOf, mapOf, textLike, type ValueCheck } from './check.js';
import type { BookedPayment } from './payment.js';

/** Other fields of a payment's row in lists and answers about one record. */
export interface RecordChange {
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

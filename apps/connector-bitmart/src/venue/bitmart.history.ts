import { isObject, wireText } from '@sluice/kernel';
import type { VenueAnswer } from '@sluice/connector-engine';
import { describe } from './bitmart.answers.js';
import { dataOf, type BitmartClient } from './bitmart.client.js';

export type HistoryRows =
  { kind: 'rows'; rows: readonly unknown[] } | { kind: 'unavailable'; cause: string };

const MOST_ROWS = 1_000;
const LONGEST_SPAN_MS = 90 * 86_400_000;
const MOST_CALLS = 200;

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Lists all withdrawals of a window. A full answer (newest N, unordered) is requested again in two
 * halves. There is no filter by currency: a wrong id would give an empty list.
 */
export async function readHistory(
  client: Pick<BitmartClient, 'history'>,
  from: Date,
  to: Date,
): Promise<HistoryRows> {
  const rows = new Map<string, unknown>();
  const spans: Span[] = spansOf(from.getTime(), to.getTime());
  for (let calls = 0; spans.length > 0; calls++) {
    const span = spans.pop();
    if (!span || calls >= MOST_CALLS)
      return { kind: 'unavailable', cause: `more than ${MOST_CALLS} requests for one window` };
    const answer = await client.history(new Date(span.from), new Date(span.to), MOST_ROWS);
    const found = rowsOf(answer);
    if (found === null) return { kind: 'unavailable', cause: describe(answer) };
    if (found.length < MOST_ROWS) for (const row of found) rows.set(keyOf(row), row);
    else if (span.to - span.from < 4)
      return { kind: 'unavailable', cause: 'more withdrawals in one moment than can be listed' };
    else spans.push(...halvesOf(span));
  }
  return { kind: 'rows', rows: [...rows.values()] };
}

function rowsOf(answer: VenueAnswer): readonly unknown[] | null {
  const records = dataOf(answer)?.['records'];
  return Array.isArray(records) ? records : null;
}

/** Windows overlap: a row is listed once by its id, a row without id by its content. */
function keyOf(row: unknown): string {
  const id = isObject(row) ? wireText(row['withdraw_id']) : '';
  return id === '' ? `no id ${JSON.stringify(row)}` : id;
}

function spansOf(from: number, to: number): Span[] {
  const spans: Span[] = [];
  for (let start = from; start < to; start += LONGEST_SPAN_MS)
    spans.push({ from: start, to: Math.min(start + LONGEST_SPAN_MS, to) });
  return spans;
}

/** The halves overlap, because the inclusion of a window's bounds is unconfirmed. */
function halvesOf({ from, to }: Span): Span[] {
  const middle = Math.floor((from + to) / 2);
  return [
    { from, to: middle + 1 },
    { from: middle - 1, to },
  ];
}

import { NoAnswerError } from './errors.js';
import type { AnswerEnvelope } from './exchange.js';

/** A page of a list, newest first. */
export interface Page<T> {
  readonly data: readonly T[];
  /** Cursor of the next page; null on the last page. */
  readonly next_cursor: string | number | null;
}

export function pageOf<T>(envelope: AnswerEnvelope, read: (row: unknown) => T): Page<T> {
  const { data, next_cursor = null, has_more = false } = envelope;
  return { data: rowsOf(data).map(read), next_cursor: has_more ? next_cursor : null };
}

export function isListOf(isRow: (row: unknown) => boolean): (data: unknown) => boolean {
  return (data) => Array.isArray(data) && data.every(isRow);
}

export function rowsOf(data: unknown): readonly unknown[] {
  if (!Array.isArray(data)) throw new NoAnswerError('The API has answered with no list');
  return data;
}

/**
 * Iterates over all rows of all pages. A page is requested after the previous page is used up. The
 * last page may be empty.
 */
export async function* everyRow<T>(
  pageAt: (cursor: string | number | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  let cursor: string | number | undefined;
  do {
    const page: Page<T> = await pageAt(cursor);
    yield* page.data;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

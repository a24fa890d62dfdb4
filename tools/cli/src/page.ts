import type { Page } from '@sluice/http-api';
import type { Answer, Option } from './command.js';
import type { Input } from './input.js';
import { table, type Column } from './render/table.js';

const HIGHEST_LIMIT = 500;

export const PAGE_OPTIONS: readonly Option[] = [
  {
    name: 'limit',
    value: 'N',
    help: `maximum number of rows; default 50, at most ${HIGHEST_LIMIT}`,
  },
  { name: 'cursor', value: 'C', help: 'cursor of the previous page' },
];

export function pageQuery(input: Input): { readonly limit?: number; readonly cursor?: string } {
  const [limit, cursor] = [input.integer('limit', 1, HIGHEST_LIMIT), input.optional('cursor')];
  return { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) };
}

/** Returns a page of a list as `{data, next_cursor}`; the last page has no cursor. */
export function pageOf<T extends object>(
  { data, next_cursor: next = null }: Page<T>,
  columns: readonly Column<T>[],
  empty: string,
): Answer {
  return {
    json: { data, next_cursor: next },
    text: (style) =>
      [
        table(columns, data, style, empty),
        ...(next === null ? [] : [style.dim(`more: --cursor ${next}`)]),
      ].join('\n'),
  };
}

import type { Answer, Option } from './command.js';
import type { AdminClient } from './admin-client.js';
import type { Input } from './input.js';
import { table, type Column } from './render/table.js';
import { rowOf, rowsIn } from './row.js';

const HIGHEST_LIMIT = 500;

export const PAGE_OPTIONS: readonly Option[] = [
  { name: 'limit', value: 'N', help: `at most so many; 50 unless told, at most ${HIGHEST_LIMIT}` },
  { name: 'cursor', value: 'C', help: 'goes on where a page ended, as that page told' },
];

interface PageOf {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  readonly empty: string;
  readonly ifMissing?: string;
}

/** A page of a list of the ledger; its JSON is `{data, next_cursor}`, and the last page has no cursor. */
export async function ledgerPage(
  admin: AdminClient,
  input: Input,
  { path, query, columns, empty, ifMissing }: PageOf,
): Promise<Answer> {
  const [limit, cursor] = [input.integer('limit', 1, HIGHEST_LIMIT), input.optional('cursor')];
  const asked = new URLSearchParams({
    ...query,
    ...(limit !== undefined && { limit: `${limit}` }),
    ...(cursor !== undefined && { cursor }),
  });
  const request = {
    path: asked.size > 0 ? `${path}?${asked.toString()}` : path,
    whole: true,
    ...(ifMissing !== undefined && { ifMissing }),
  } as const;
  const answer = rowOf(await admin.answer('ledger', request));
  const [rows, next] = [rowsIn(answer, 'data'), answer['next_cursor'] ?? null];
  return {
    json: { data: rows, next_cursor: next },
    text: (style) =>
      [
        table(columns, rows, style, empty),
        ...(typeof next === 'string' ? [style.dim(`more: --cursor ${next}`)] : []),
      ].join('\n'),
  };
}

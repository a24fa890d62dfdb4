import type { Command } from '../command.js';
import type { Input } from '../input.js';
import { amount, ASSET, count, plain, state, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';
import { rowsOf } from '../row.js';

const DEFAULT_LIMIT = 50;
const HIGHEST_LIMIT = 1000;

const COLUMNS: readonly Column[] = [
  count('number'),
  when('requested_at', 'requested'),
  ASSET,
  amount('amount'),
  amount('fee'),
  plain('venue'),
  state('state'),
  plain('stage'),
  plain('client_reference', 'reference'),
  plain('error_message', 'error'),
];

export const withdrawalList: Command = {
  name: 'withdrawal list',
  summary: 'lists withdrawals, newest first',
  operands: [],
  options: [
    { name: 'account', value: 'A', help: 'only of this account' },
    { name: 'state', value: 'S', help: 'only in this state, e.g. uncertain' },
    { name: 'limit', value: 'N', help: `at most so many; ${DEFAULT_LIMIT} unless told` },
  ],
  example: 'withdrawal list --state uncertain --limit 20',
  run: async (input, { admin }) => {
    const rows = rowsOf(
      await admin.answer('intake-api', { path: `/internal/withdrawals?${queryOf(input)}` }),
    );
    return {
      json: rows,
      text: (style) => table(COLUMNS, rows, style, 'there is no withdrawal to show'),
    };
  },
};

function queryOf(input: Input): string {
  const query = new URLSearchParams();
  for (const [option, field] of [
    ['account', 'account_id'],
    ['state', 'state'],
  ] as const) {
    const value = input.optional(option);
    if (value !== undefined) query.set(field, value);
  }
  query.set('limit', `${input.integer('limit', 1, HIGHEST_LIMIT) ?? DEFAULT_LIMIT}`);
  return query.toString();
}

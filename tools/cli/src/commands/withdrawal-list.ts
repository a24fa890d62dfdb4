import type { WithdrawalListQuery, WithdrawalRowDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import type { Input } from '../input.js';
import { amount, ASSET, count, plain, state, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';

const DEFAULT_LIMIT = 50;
const HIGHEST_LIMIT = 1000;

const COLUMNS: readonly Column<WithdrawalRowDto>[] = [
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
    { name: 'limit', value: 'N', help: `maximum number of rows; default ${DEFAULT_LIMIT}` },
  ],
  example: 'withdrawal list --state uncertain --limit 20',
  run: async (input, { services }) => {
    const rows = await services.intake.withdrawals(queryOf(input));
    return {
      json: rows,
      text: (style) => table(COLUMNS, rows, style, 'there is no withdrawal to show'),
    };
  },
};

function queryOf(input: Input): WithdrawalListQuery {
  const account = input.optional('account');
  const inState = input.word<WithdrawalRowDto['state']>('state');
  return {
    ...(account !== undefined && { account_id: account }),
    ...(inState !== undefined && { state: inState }),
    limit: input.integer('limit', 1, HIGHEST_LIMIT) ?? DEFAULT_LIMIT,
  };
}

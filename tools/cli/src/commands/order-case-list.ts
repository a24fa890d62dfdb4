import type { OrderCaseDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import { plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';

const COLUMNS: readonly Column<OrderCaseDto>[] = [
  when('opened_at', 'at'),
  plain('withdrawal_id', 'withdrawal'),
  plain('account_id', 'account'),
  plain('detail', 'what was wrong'),
];

export const orderCaseList: Command = {
  name: 'order-case list',
  summary: 'lists orders that their customer had not signed, newest first',
  operands: [],
  options: [],
  example: 'order-case list',
  run: async (_input, { services }) => {
    const cases = await services.ledger.orderCases();
    return {
      json: cases,
      text: (style) => table(COLUMNS, cases, style, 'every order was signed where it has to be'),
    };
  },
};

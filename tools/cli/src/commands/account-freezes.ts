import type { FreezeInForceDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import { plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';

const COLUMNS: readonly Column<FreezeInForceDto>[] = [
  plain('account_id', 'account'),
  plain('freeze_id', 'case'),
  plain('reason'),
  when('frozen_at', 'since'),
];

export const accountFreezes: Command = {
  name: 'account freezes',
  summary: 'lists the freezes that are in force',
  operands: [],
  options: [],
  example: 'account freezes',
  run: async (_input, { services }) => {
    const freezes = await services.ledger.freezes();
    return {
      json: freezes,
      text: (style) => table(COLUMNS, freezes, style, 'no account is frozen'),
    };
  },
};

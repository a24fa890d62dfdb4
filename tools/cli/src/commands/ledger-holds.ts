import type { HoldDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import { usageError } from '../cli-error.js';
import { pageOf, PAGE_OPTIONS, pageQuery } from '../page.js';
import { amount, plain, state, when } from '../render/columns.js';
import type { Column } from '../render/table.js';

const STATES = ['placed', 'captured', 'released', 'expired', 'refused'] as const;

const COLUMNS: readonly Column<HoldDto>[] = [
  when('decided_at', 'decided'),
  state('state'),
  plain('asset'),
  amount('amount'),
  plain('withdrawal_id', 'withdrawal'),
  plain('account_id', 'account'),
  when('expires_at', 'expires'),
  when('closed_at', 'ended'),
  plain('reason'),
];

export const ledgerHolds: Command = {
  name: 'ledger holds',
  summary: 'lists holds in one state, newest withdrawal first',
  operands: [],
  options: [
    { name: 'state', value: 'S', help: STATES.join(', '), required: true },
    { name: 'account', value: 'A', help: 'only of this account' },
    ...PAGE_OPTIONS,
  ],
  example: 'ledger holds --state placed --limit 20',
  run: async (input, { services }) => {
    const [held, account] = [input.choice('state', STATES), input.optional('account')];
    if (held === undefined) throw usageError('--state is missing');
    const page = await services.ledger.holds({
      state: held,
      ...(account !== undefined && { account_id: account }),
      ...pageQuery(input),
    });
    return pageOf(page, COLUMNS, `no hold is ${held}`);
  },
};

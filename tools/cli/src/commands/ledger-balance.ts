import type { LedgerBalanceDto } from '@sluice/admin-api';
import type { LedgerAdmin } from '@sluice/admin-client';
import { SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import { usageError } from '../cli-error.js';
import type { Command } from '../command.js';
import { isUuid } from '../find-withdrawal.js';
import type { Input } from '../input.js';
import { amount, plain } from '../render/columns.js';
import { table, type Column } from '../render/table.js';

const COLUMNS: readonly Column<LedgerBalanceDto>[] = [
  plain('asset'),
  amount('posted'),
  amount('held'),
  amount('available'),
];
const TIMES = ['recorded', 'effective'] as const;
/** Later than any entry, regardless of clocks. */
const NOW = '9999-12-31T23:59:59Z';

export const ledgerBalance: Command = {
  name: 'ledger balance',
  summary: 'shows what an account has by the ledger, now or at a past moment',
  operands: [],
  options: [
    {
      name: 'account',
      value: 'A',
      help: 'id of an account, or a shared one such as clearing:gateio',
      required: true,
    },
    { name: 'currency', value: 'C', help: 'only this one' },
    { name: 'network', value: 'N', help: 'only this one' },
    { name: 'at', value: 'TIME', help: 'as it was then, UTC, e.g. 2026-11-20T08:00:00Z' },
    {
      name: 'by',
      value: 'recorded|effective',
      help: 'time of an entry that counts for --at: time of booking (default), or time of effect',
    },
  ],
  notes: ['A shared account has no balance of its own: it is folded from its postings.'],
  example: 'ledger balance --account clearing:gateio --at 2026-11-20T08:00:00Z --by effective',
  run: async (input, { services }) => {
    const rows = await orWhenMissing(balancesIn(services.ledger, input), SEE_ACCOUNTS);
    const [currency, network] = [input.optional('currency'), input.optional('network')];
    const shown = rows.filter(
      (row) =>
        (currency ?? row.currency) === row.currency && (network ?? row.network) === row.network,
    );
    return {
      json: shown,
      text: (style) => table(COLUMNS, shown, style, 'there is nothing to show'),
    };
  },
};

/** Customers have ids; the accounts of the chart have names. */
function balancesIn(ledger: LedgerAdmin, input: Input): Promise<readonly LedgerBalanceDto[]> {
  const [account, at] = [input.text('account'), input.optional('at')];
  const by = input.choice('by', TIMES);
  if (by !== undefined && at === undefined)
    throw usageError('--by selects the time for --at, and --at is missing');
  const query = by === undefined ? {} : { by };
  if (!isUuid(account)) return ledger.houseBalancesAt(account, at ?? NOW, query);
  return at === undefined ? ledger.balances(account) : ledger.balancesAt(account, at, query);
}

import type { WalletDto, WalletFundsDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import { count, plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';

const COLUMNS: readonly Column<WalletDto>[] = [
  plain('network'),
  plain('address'),
  plain('purpose'),
  plain('account_id', 'account'),
  { title: 'has', of: ({ funds }) => funds.map(inWords).join(', ') },
  count('next_nonce', 'next nonce'),
  count('waiting'),
  count('unconfirmed'),
  count('head'),
  when('looked_at', 'looked at'),
  plain('paused_because', 'paused because'),
];

export const walletShow: Command = {
  name: 'wallet show',
  summary:
    'lists the addresses that our own wallet pays from, what they have and what is under way',
  operands: [],
  options: [],
  example: 'wallet show',
  run: async (_input, { services }) => {
    const wallets = await services.wallet.wallets();
    return { json: wallets, text: (style) => table(COLUMNS, wallets, style, 'it has no address') };
  },
};

function inWords({ asset, balance, under_way: underWay }: WalletFundsDto): string {
  return underWay === '0' ? `${balance} ${asset}` : `${balance} ${asset} (${underWay} under way)`;
}

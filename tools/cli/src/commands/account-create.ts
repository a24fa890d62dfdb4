import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import { facts } from '../render/table.js';

export const accountCreate: Command = {
  name: 'account create',
  summary: 'opens an account',
  operands: [],
  options: [{ name: 'name', value: 'N', help: 'what people call it', required: true }],
  example: 'account create --name treasury',
  run: async (input, { services }) => {
    const account = await services.intake.createAccount({ name: input.text('name') });
    return {
      json: account,
      text: (style) =>
        [
          facts(
            [
              ['account', cell(account.account_id)],
              ['name', cell(account.name)],
            ],
            style,
          ),
          style.dim(
            `next: sluice key create --account ${cell(account.account_id)} --permissions withdraw,read_balance,read_withdrawal_status`,
          ),
        ].join('\n'),
    };
  },
};

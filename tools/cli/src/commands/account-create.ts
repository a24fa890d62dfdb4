import { REQUIRE_REFERENCE } from '../account-option.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import { facts } from '../render/table.js';

export const accountCreate: Command = {
  name: 'account create',
  summary: 'opens an account',
  operands: [],
  options: [
    { name: 'name', value: 'N', help: 'what people call it', required: true },
    {
      name: 'share-references',
      help: 'one client_reference is good once for all of its keys; otherwise once for each. For good',
    },
    REQUIRE_REFERENCE,
  ],
  example: 'account create --name treasury',
  run: async (input, { services }) => {
    const account = await services.intake.createAccount({
      name: input.text('name'),
      ...(input.isSet('share-references') && { keys_share_references: true }),
      ...(input.choice('require-reference', ['yes', 'no']) === 'yes' && {
        requires_reference: true,
      }),
    });
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
            `next: sluice key create --account ${cell(account.account_id)} --permissions withdraw,read_balance,read_withdrawal_status --allow-ip CIDR`,
          ),
        ].join('\n'),
    };
  },
};

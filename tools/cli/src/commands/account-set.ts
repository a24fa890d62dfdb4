import { ACCOUNT, REQUIRE_REFERENCE, SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';

export const accountSet: Command = {
  name: 'account set',
  summary: 'sets whether an account accepts withdrawals without a client_reference',
  operands: [],
  options: [ACCOUNT, { ...REQUIRE_REFERENCE, required: true }],
  example: 'account set --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11 --require-reference yes',
  run: async (input, { services }) => {
    const requires_reference = input.choice('require-reference', ['yes', 'no']) === 'yes';
    const settings = await orWhenMissing(
      services.intake.setAccount(input.text('account'), { requires_reference }),
      SEE_ACCOUNTS,
    );
    return {
      json: settings,
      text: () =>
        settings.requires_reference
          ? 'withdrawals without a client_reference are refused'
          : 'withdrawals without a client_reference are taken',
    };
  },
};

import { ACCOUNT, SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import { awaitedText } from '../awaited-text.js';
import type { Command } from '../command.js';
import { PUBLIC_KEY, publicKeyIn } from '../public-key-option.js';
import { cell } from '../render/cell.js';

export const signerAdd: Command = {
  name: 'signer add',
  summary: 'lets a public key of the customer sign the orders of an account',
  operands: [],
  options: [
    ACCOUNT,
    { name: 'key-id', value: 'K', help: 'the API key that it belongs to', required: true },
    { ...PUBLIC_KEY, required: true },
  ],
  notes: [
    'From the first one on, and for good, the ledger takes signed orders only: revoke the keys of the account that have a secret.',
    'Have the public key from the customer itself, not from intake-api.',
    'It counts when a second person approves it: sluice approve.',
  ],
  example:
    'signer add --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11 --key-id ck_5d0b7c21e4a90f3366b1d28c --public-key MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
  run: async (input, { services }) => {
    const signer = { key_id: input.text('key-id'), public_key: publicKeyIn(input) ?? '' };
    const added = await orWhenMissing(
      services.ledger.addSigner(input.text('account'), signer),
      SEE_ACCOUNTS,
    );
    return {
      json: added,
      text: () =>
        'awaits' in added
          ? awaitedText(added, 'ledger')
          : `${cell(added.public_key)} signs for this account`,
    };
  },
};

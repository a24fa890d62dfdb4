import { ACCOUNT } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { PUBLIC_KEY, publicKeyIn } from '../public-key-option.js';
import { cell } from '../render/cell.js';

export const signerRevoke: Command = {
  name: 'signer revoke',
  summary: 'lets a public key sign nothing more; at once, and for good',
  operands: [],
  options: [ACCOUNT, { ...PUBLIC_KEY, required: true }],
  notes: ['The account goes on taking signed orders only: without a signer it takes none.'],
  example:
    'signer revoke --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11 --public-key MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
  run: async (input, { services }) => {
    const revoked = await orWhenMissing(
      services.ledger.revokeSigner(input.text('account'), publicKeyIn(input) ?? ''),
      '"sluice signer list --account A" shows them',
    );
    return { json: revoked, text: () => `${cell(revoked.public_key)} signs nothing more` };
  },
};

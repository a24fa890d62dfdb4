import type { SignerDto } from '@sluice/admin-api';
import { ACCOUNT, SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';

const COLUMNS: readonly Column<SignerDto>[] = [
  plain('key_id', 'key'),
  plain('public_key', 'public key'),
  plain('change'),
  plain('in_force', 'in force'),
  when('at', 'at'),
  plain('requested_by', 'by'),
  plain('approved_by', 'and'),
];

export const signerList: Command = {
  name: 'signer list',
  summary: 'lists whose signature the orders of an account need, each change, oldest first',
  operands: [],
  options: [ACCOUNT],
  example: 'signer list --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11',
  run: async (input, { services }) => {
    const signers = await orWhenMissing(
      services.ledger.signers(input.text('account')),
      SEE_ACCOUNTS,
    );
    return {
      json: signers,
      text: (style) =>
        table(COLUMNS, signers, style, 'it has none: its orders need no signature at the ledger'),
    };
  },
};

import { ACCOUNT, SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import type { Command, Option } from '../command.js';
import { cell } from '../render/cell.js';

const CASE: Option = {
  name: 'case',
  value: 'K',
  help: 'names the freeze; an account may have several',
  required: true,
};

export const accountFreeze: Command = {
  name: 'account freeze',
  summary: 'promises nothing more from an account; what was promised before still ends as it must',
  operands: [],
  options: [
    ACCOUNT,
    CASE,
    { name: 'reason', value: 'TEXT', help: 'why; kept for good', required: true },
  ],
  notes: [
    'A case freezes an account once: after it was lifted it is refused, and another has to be named.',
  ],
  example:
    'account freeze --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11 --case court-2026-17 --reason "court order 17/2026"',
  run: async (input, { services }) => {
    const order = { freeze_id: input.text('case'), reason: input.text('reason') };
    const freeze = await orWhenMissing(
      services.ledger.freeze(input.text('account'), order),
      SEE_ACCOUNTS,
    );
    return {
      json: freeze,
      text: () => `account ${cell(freeze.account_id)} is frozen by ${cell(freeze.freeze_id)}`,
    };
  },
};

export const accountUnfreeze: Command = {
  name: 'account unfreeze',
  summary: 'lifts one freeze of an account; it stays frozen while another is in force',
  operands: [],
  options: [ACCOUNT, CASE],
  example: 'account unfreeze --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11 --case court-2026-17',
  run: async (input, { services }) => {
    const freeze = await services.ledger.liftFreeze(input.text('account'), input.text('case'));
    return {
      json: freeze,
      text: () =>
        `the freeze ${cell(freeze.freeze_id)} of account ${cell(freeze.account_id)} is lifted`,
    };
  },
};

import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';

export const keyRevoke: Command = {
  name: 'key revoke',
  summary: 'revokes an API key, for good',
  operands: [{ name: 'KEY_ID', help: 'the public part of the key' }],
  options: [],
  example: 'key revoke key_6f1d2c',
  run: async (input, { services }) => {
    const key = await orWhenMissing(
      services.intake.revokeKey(input.operand('KEY_ID')),
      '"sluice key list --account A" shows the keys of an account',
    );
    return { json: key, text: () => `${cell(key.key_id)} is revoked` };
  },
};

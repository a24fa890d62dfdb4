import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import { rowOf } from '../row.js';

export const keyRevoke: Command = {
  name: 'key revoke',
  summary: 'revokes an API key, for good',
  operands: [{ name: 'KEY_ID', help: 'the public part of the key' }],
  options: [],
  example: 'key revoke key_6f1d2c',
  run: async (input, { admin }) => {
    const path = `/internal/keys/${encodeURIComponent(input.operand('KEY_ID'))}/revoke`;
    const key = rowOf(
      await admin.answer('intake-api', {
        method: 'POST',
        path,
        ifMissing: '"sluice key list --account A" shows the keys of an account',
      }),
    );
    return { json: key, text: () => `${cell(key['key_id'])} is revoked` };
  },
};

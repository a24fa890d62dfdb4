import type { ApiKeyDto } from '@sluice/admin-api';
import { ACCOUNT, SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { count, plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';

const COLUMNS: readonly Column<ApiKeyDto>[] = [
  plain('key_id', 'key'),
  plain('label'),
  plain('algorithm'),
  plain('permissions'),
  count('rate_limit_per_min', 'per minute'),
  plain('allowed_ips', 'addresses'),
  when('created_at', 'created'),
  when('last_used_at', 'last used'),
  when('overlap_until', 'both until'),
  when('expires_at', 'expires'),
  when('revoked_at', 'revoked'),
];

export const keyList: Command = {
  name: 'key list',
  summary: 'lists the API keys of an account; secrets are never shown',
  operands: [],
  options: [ACCOUNT],
  example: 'key list --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11',
  run: async (input, { services }) => {
    const keys = await orWhenMissing(services.intake.keys(input.text('account')), SEE_ACCOUNTS);
    return {
      json: keys,
      text: (style) => table(COLUMNS, keys, style, 'this account has no key: sluice key create'),
    };
  },
};

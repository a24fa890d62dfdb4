import type { Option } from './command.js';

export const ACCOUNT: Option = {
  name: 'account',
  value: 'A',
  help: 'id of the account',
  required: true,
};

/** Hint for an unknown account. */
export const SEE_ACCOUNTS = '"sluice account list" shows the accounts';

export const REQUIRE_REFERENCE: Option = {
  name: 'require-reference',
  value: 'yes|no',
  help: 'whether a withdrawal without a client_reference is refused',
};

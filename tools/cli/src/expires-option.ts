import { usageError } from './cli-error.js';
import type { Option } from './command.js';
import type { Input } from './input.js';

const MOST_DAYS = 3_650;

export const EXPIRES: Option = {
  name: 'expires',
  value: 'DAYS',
  help: 'days until expiry, or never; default 90 for a key with the permission withdraw',
};

/** Returns the expiry in the format of the admin API: 0 is never. */
export function expiresIn(input: Input): { readonly expires_in_days?: number } {
  if (input.optional('expires') === 'never') return { expires_in_days: 0 };
  const days = input.integer('expires', 0, MOST_DAYS);
  if (days === 0) throw usageError('--expires takes a number of days, or never');
  return days === undefined ? {} : { expires_in_days: days };
}

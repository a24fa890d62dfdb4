import type { HoldsQuery } from '@sluice/http-api';
import type { SearchText } from '../../format/search-text.js';

export const HOLD_STATES = ['placed', 'captured', 'released', 'expired', 'refused'] as const;

/** Filter of holds in the address; without a known state, placed holds. */
export function holdsQuery({ state, account = '', cursor }: SearchText): HoldsQuery {
  return {
    state: HOLD_STATES.find((one) => one === state) ?? 'placed',
    ...(account !== '' && { account_id: account }),
    ...(cursor !== undefined && { cursor }),
  };
}

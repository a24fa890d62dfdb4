import type { SearchText } from '../format/search-text.js';

export interface BalanceMoment {
  readonly at: string;
  /** Time of an entry that decides whether the entry counts. */
  readonly by: 'recorded' | 'effective';
}

/** Time of balances in the address; null for now. */
export function momentIn({ at = '', by }: SearchText): BalanceMoment | null {
  return at === '' ? null : { at, by: by === 'effective' ? 'effective' : 'recorded' };
}

import type { AddressEntryDto } from '@sluice/http-api';
import type { Tone } from '../../format/states.js';

/** State of an entry of an address book. The time from which it counts is shown beside it. */
export function entryState({
  removed_at: removedAt,
  usable_at: usableAt,
}: Pick<AddressEntryDto, 'removed_at' | 'usable_at'>): {
  readonly text: string;
  readonly tone: Tone;
} {
  if (removedAt !== null) return { text: 'removed', tone: 'quiet' };
  return usableAt === null
    ? { text: 'waits for its confirmation', tone: 'wait' }
    : { text: 'confirmed', tone: 'good' };
}

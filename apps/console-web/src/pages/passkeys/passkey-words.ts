import type { PasskeyDto } from '@sluice/http-api';
import { durationText } from '../../time/ages.js';

/** State of a passkey at a time of the server. */
type PasskeyState = 'usable' | 'waiting' | 'revoked';

export function passkeyState(
  { usable_at, revoked_at }: Pick<PasskeyDto, 'usable_at' | 'revoked_at'>,
  now: number,
): PasskeyState {
  if (revoked_at !== null) return 'revoked';
  return Date.parse(usable_at) <= now ? 'usable' : 'waiting';
}

/** Says whether a passkey counts, and how long it still waits. */
export function passkeyWords(passkey: PasskeyDto, now: number): string {
  switch (passkeyState(passkey, now)) {
    case 'usable':
      return 'Counts now.';
    case 'waiting':
      return `Counts in ${durationText(Date.parse(passkey.usable_at) - now)}: a new passkey waits, so that a stolen login cannot use one at once.`;
    case 'revoked':
      return 'Revoked for good: it counts no more.';
  }
}

/** Own passkeys first, then those of others; the newest first. */
export function sortedPasskeys(
  passkeys: readonly PasskeyDto[],
  isOwn: (passkey: PasskeyDto) => boolean,
): readonly PasskeyDto[] {
  return passkeys.toSorted(
    (one, other) => orderOf(isOwn(other), isOwn(one)) || (one.added_at < other.added_at ? 1 : -1),
  );
}

function orderOf(one: boolean, other: boolean): number {
  return one === other ? 0 : one ? 1 : -1;
}

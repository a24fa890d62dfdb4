import { isKeyless, type FormCapabilities } from './capabilities.js';

/** How the last attempt ended: with the proof that it moved nothing. */
export type EndedAttempt =
  { kind: 'not_sent' } | { kind: 'absent'; provenBy: 'lookups' | 'decision'; resends: number };

export type NextAttempt =
  { kind: 'again' } | { kind: 'refuse'; reason: 'proven_absent' | 'cancelled' | 'expired' };

export interface StopConditions {
  readonly cancelled: boolean;
  readonly expired: boolean;
}

/**
 * Whether another attempt may follow, with the same client reference. Proven not sent: always, in its time. Proven absent by
 * look-ups: where our key can be searched, a limited number of times. Proven absent by a person: never by itself, because
 * what the person saw was a withdrawal that should not have happened yet; it is refused and the customer asks anew.
 */
export function nextAttempt(
  form: FormCapabilities,
  ended: EndedAttempt,
  wishes: StopConditions,
): NextAttempt {
  if (wishes.cancelled) return { kind: 'refuse', reason: 'cancelled' };
  if (wishes.expired) return { kind: 'refuse', reason: 'expired' };
  if (ended.kind === 'not_sent') return { kind: 'again' };
  if (ended.provenBy === 'decision' || isKeyless(form) || ended.resends >= form.maxResends)
    return { kind: 'refuse', reason: 'proven_absent' };
  return { kind: 'again' };
}

import { isKeyless, type FormCapabilities } from './capabilities.js';

/** How the last attempt ended: with the proof that it moved nothing. `refusedAs`: the reason of the venue that had refused it as well. */
export type EndedAttempt =
  | { kind: 'not_sent' }
  | {
      kind: 'absent';
      provenBy: 'lookups' | 'decision';
      resends: number;
      refusedAs?: string | null;
    };

export type NextAttempt = { kind: 'again' } | { kind: 'refuse'; reason: string };

export interface StopConditions {
  readonly cancelled: boolean;
  readonly expired: boolean;
}

/**
 * Whether another attempt may follow, with the same client reference. Proven not sent: always, in its time. Proven absent by
 * look-ups: where our key can be searched, a limited number of times. Proven absent by a person: never by itself, because
 * what the person saw was a withdrawal that should not have happened yet; it is refused and the customer asks anew. What the venue had
 * refused, and what is proven absent as well, is never sent there again: the next venue may pay it.
 */
export function nextAttempt(
  form: FormCapabilities,
  ended: EndedAttempt,
  wishes: StopConditions,
): NextAttempt {
  const refusedAs = ended.kind === 'absent' ? ended.refusedAs : null;
  if (typeof refusedAs === 'string') return { kind: 'refuse', reason: refusedAs };
  if (wishes.cancelled) return { kind: 'refuse', reason: 'cancelled' };
  if (wishes.expired) return { kind: 'refuse', reason: 'expired' };
  if (ended.kind === 'not_sent') return { kind: 'again' };
  if (ended.provenBy === 'decision' || isKeyless(form) || ended.resends >= form.maxResends)
    return { kind: 'refuse', reason: 'proven_absent' };
  return { kind: 'again' };
}

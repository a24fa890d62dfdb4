import { isKeyless, type FormCapabilities } from './capabilities.js';

/**
 * End of the last attempt, with the proof of no payment. `refusedAs`: refusal reason, if the venue
 * had refused the attempt too.
 */
type EndedAttempt =
  | { kind: 'not_sent' }
  | {
      kind: 'absent';
      provenBy: 'lookups' | 'decision';
      resends: number;
      refusedAs?: string | null;
      /** Another party than the venue answered, such as a CDN or gateway. */
      isForeign?: boolean;
    };

type NextAttempt = { kind: 'again' } | { kind: 'refuse'; reason: string };

interface StopConditions {
  readonly cancelled: boolean;
  readonly expired: boolean;
}

/**
 * Decides on another attempt with the same client reference:
 * - proven not sent: always, before the deadline;
 * - answered by another party and proven absent by lookups: always, before the deadline;
 * - proven absent by lookups: a limited number of times, if our key can be searched;
 * - proven absent by a person: never automatically, because the person saw an unexpected
 *   withdrawal. The order is refused, and the customer has to request again;
 * - refused by the venue and proven absent: never sent to this venue again. The next venue may pay
 *   the order.
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
  if (ended.isForeign === true && ended.provenBy === 'lookups') return { kind: 'again' };
  if (ended.provenBy === 'decision' || isKeyless(form) || ended.resends >= form.maxResends)
    return { kind: 'refuse', reason: 'proven_absent' };
  return { kind: 'again' };
}

import type { ListedWithdrawal } from '@sluice/connector-rules';
import type { CaseToOpen } from '../cases/open-cases.js';
import type { BreakToOpen } from './open-breaks.js';

export interface PaidAfterAll {
  readonly cases: CaseToOpen[];
  readonly breaks: BreakToOpen[];
}

/**
 * Reasons with which a connector or an operator declared the absence of a payment. A payment
 * appearing later disproves them.
 */
const DECLARED_ABSENT: ReadonlySet<string> = new Set([
  'proven_absent',
  'decided_absent',
  'cancelled',
  'expired',
]);

/** A recorded payment, as named in a case. */
type Paid = Pick<ListedWithdrawal, 'venueReference' | 'venueStatus'> & { readonly gross: string };

/** Returns the case and the break for a payment with a released hold. */
export function paidAfterAll(
  withdrawalId: string,
  reason: string | null,
  { venueReference, venueStatus, gross }: Paid,
): PaidAfterAll {
  const kind = DECLARED_ABSENT.has(reason ?? '') ? 'paid_after_absent' : 'contrary_after_end';
  const text = `the withdrawal ended as ${reason ?? 'refused'}, and the venue has payment ${venueReference} (${venueStatus}, ${gross}) for it`;
  return {
    cases: [{ withdrawalId, kind, text }],
    breaks: [{ kind, subject: `${withdrawalId} ${venueReference}`, withdrawalId, details: text }],
  };
}

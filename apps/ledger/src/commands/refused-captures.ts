import type { LedgerRefusal } from '@sluice/ledger-core';
import type { CommandDecision } from './decision.js';

/**
 * Refusals of a capture that halt the book: a venue has paid, but the money of the hold is free
 * again, no hold exists, or people have not approved the payment. A repeated capture gets its first answer and is no refusal. Other
 * refusals leave money held or captured and open a case at intake-api.
 */
const HALTING: ReadonlySet<LedgerRefusal['kind']> = new Set([
  'already_released',
  'already_expired',
  'hold_not_found',
  'not_approved',
]);
const MOST_NAMED = 3;

/** Returns the reason to halt the book because of refused captures; null without such a capture. */
export function reasonToHalt(decisions: readonly CommandDecision[]): string | null {
  const refused = decisions.flatMap(({ command, refusal }) =>
    command.type === 'ledger.capture-hold.v1' && refusal && HALTING.has(refusal.kind)
      ? [`withdrawal ${command.data.withdrawalId} (${refusal.kind})`]
      : [],
  );
  if (refused.length === 0) return null;
  const named = refused.slice(0, MOST_NAMED).join(', ');
  const more = refused.length > MOST_NAMED ? ` and ${refused.length - MOST_NAMED} more` : '';
  return `a paid withdrawal has no hold to capture: ${named}${more}. Follow "A capture was refused" in docs/operations/runbook.md`;
}

import type { WithdrawalDto } from '@sluice/http-api';
import { withNextStep } from '@sluice/kernel';
import type { State } from '@sluice/withdrawal-core';
import { ServiceAwayError } from '../../other-services/asked-service.js';
import type { LedgerClient } from '../../other-services/ledger-client.js';

/** States that end with the next answer of the ledger. */
const OF_LEDGER: ReadonlySet<State> = new Set([
  'requested',
  'capturing',
  'releasing',
  'cancelling',
  'returning',
]);

/**
 * Returns the text of `awaits` for operators. While the withdrawal waits for the ledger, the text
 * names a halt of the ledger, or a ledger without an answer.
 */
export async function awaitedOfLedger(
  { state, awaits }: Pick<WithdrawalDto, 'state' | 'awaits'>,
  ledger: Pick<LedgerClient, 'bookHalt'>,
): Promise<string | null> {
  if (!OF_LEDGER.has(state)) return awaits;
  try {
    const halt = await ledger.bookHalt();
    return halt === null
      ? awaits
      : withNextStep(`the halt of the ledger to be lifted: ${halt}`, 'book_halt');
  } catch (error) {
    if (!(error instanceof ServiceAwayError)) throw error;
    return `${awaits}; the ledger does not answer now`;
  }
}

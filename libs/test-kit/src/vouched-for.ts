import { signOrder, signReceipt, signSignerReceipt, signTimedReceipt } from '@sluice/signing';
import { connectorOf, WALLET } from '@sluice/messages';
import { testMessageKeys } from './message-keys.js';

interface OrderTerms {
  readonly withdrawalId: string;
  readonly digest?: string;
  readonly clientReference?: string;
  readonly notAfter: string | null;
}

const HOUR_MS = 3_600_000;

/** An order with the words of intake-api and of the ledger, as they give them in tests; without an end only at a venue of release 0.2. */
export function vouchedFor<T extends OrderTerms>(
  venue: string,
  terms: T,
): T & { order: string; receipt: string; timedReceipt?: string; signerReceipt?: string } {
  const { withdrawalId, digest = '', clientReference = null } = terms;
  const endsInAnHour = venue === WALLET ? new Date(Date.now() + HOUR_MS).toISOString() : null;
  const notAfter = terms.notAfter ?? endsInAnHour;
  const until = notAfter === null ? null : new Date(notAfter);
  const order = { withdrawalId, digest, venue, clientReference, notAfter };
  const connector = connectorOf(venue);
  return {
    ...terms,
    notAfter,
    order: signOrder(testMessageKeys('intake-api').with(connector), order),
    receipt: signReceipt(testMessageKeys('ledger').with(connector), order),
    ...(until !== null && {
      timedReceipt: signTimedReceipt(testMessageKeys('ledger').with(connector), order, until),
    }),
    ...(venue === WALLET &&
      until !== null && {
        signerReceipt: signSignerReceipt(testMessageKeys('ledger').with('signer'), order, until),
      }),
  };
}

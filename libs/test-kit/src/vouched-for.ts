import { signOrder, signReceipt, signSignerReceipt } from '@sluice/message-auth';
import { connectorOf, WALLET } from '@sluice/messages';
import { testMessageKeys } from './message-keys.js';

interface OrderTerms {
  readonly withdrawalId: string;
  readonly digest?: string;
  readonly clientReference?: string;
  readonly notAfter: string | null;
}

/** An order with the words of intake-api and of the ledger, as they give them in tests. */
export function vouchedFor<T extends OrderTerms>(
  venue: string,
  terms: T,
): T & { order: string; receipt: string; signerReceipt?: string } {
  const { withdrawalId, digest = '', clientReference = null, notAfter } = terms;
  const order = { withdrawalId, digest, venue, clientReference, notAfter };
  const connector = connectorOf(venue);
  return {
    ...terms,
    order: signOrder(testMessageKeys('intake-api').with(connector), order),
    receipt: signReceipt(testMessageKeys('ledger').with(connector), order),
    ...(venue === WALLET && {
      signerReceipt: signSignerReceipt(testMessageKeys('ledger').with('signer'), order),
    }),
  };
}

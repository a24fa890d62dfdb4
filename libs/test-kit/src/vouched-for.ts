import { signOrder, signSignerReceipt, signTimedReceipt } from '@sluice/signing';
import { connectorOf, WALLET } from '@sluice/messages';
import { testMessageKeys } from './message-keys.js';

interface OrderTerms {
  readonly withdrawalId: string;
  readonly digest?: string;
  readonly clientReference?: string;
  readonly notAfter: string | null;
}

interface Vouched {
  clientReference: string;
  notAfter: string;
  order: string;
  timedReceipt: string;
  signerReceipt?: string;
}

const DAY_MS = 86_400_000;

/**
 * An order with the words of intake-api and of the ledger, as they give them in tests. Without a
 * deadline of its own it may begin within a day, also for a process whose clock is wrong by hours.
 */
export function vouchedFor<T extends OrderTerms>(venue: string, terms: T): T & Vouched {
  const { withdrawalId, digest = '', clientReference = testReference(withdrawalId) } = terms;
  const until = terms.notAfter === null ? new Date(Date.now() + DAY_MS) : new Date(terms.notAfter);
  const notAfter = until.toISOString();
  const order = { withdrawalId, digest, venue, clientReference, notAfter };
  const ledger = testMessageKeys('ledger');
  const connector = connectorOf(venue);
  return {
    ...terms,
    clientReference,
    notAfter,
    order: signOrder(testMessageKeys('intake-api').with(connector), order),
    timedReceipt: signTimedReceipt(ledger.with(connector), order, until),
    ...(venue === WALLET && {
      signerReceipt: signSignerReceipt(ledger.with('signer'), order, until),
    }),
  };
}

/** A reference at a venue of a withdrawal whose client gave none. */
function testReference(withdrawalId: string): string {
  return `w${withdrawalId.replaceAll('-', '').slice(-23)}`;
}

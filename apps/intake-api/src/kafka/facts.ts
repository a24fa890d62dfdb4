import type { ledgerEvents, Message, venueEvents } from '@sluice/messages';
import { Amount, type Asset } from '@sluice/money';
import { unreachable } from '@sluice/result';
import type { Fact } from '@sluice/withdrawal-core';

/** What one message says about one withdrawal. `expected` and `cancel_refused` move nothing: the venue's turn is near; it will not stop it.
 * `by` is the venue that says it, null for the ledger. */
export type News =
  | { readonly kind: 'fact'; readonly withdrawalId: string; readonly by: string | null; readonly fact: (asset: Asset) => Fact }
  | { readonly kind: 'expected'; readonly withdrawalId: string; readonly by: string; readonly at: Date }
  | { readonly kind: 'cancel_refused'; readonly withdrawalId: string; readonly by: string; readonly message: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'alarm'; readonly text: string };

const NOTHING: News = { kind: 'nothing' };

export function newsOfLedger(message: Message<typeof ledgerEvents>): News {
  switch (message.type) {
    case 'ledger.hold-placed.v1':
      return fact(message.data.withdrawalId, null, { trigger: 'hold_placed' });
    case 'ledger.hold-refused.v1':
      return fact(message.data.withdrawalId, null, { trigger: 'hold_refused', reason: message.data.reason });
    case 'ledger.hold-captured.v1':
      return fact(message.data.withdrawalId, null, { trigger: 'hold_captured' });
    // An expired hold is given back like a released one. This saga places none that expire, so for it that fits no state and opens a case.
    case 'ledger.hold-released.v1':
    case 'ledger.hold-expired.v1':
      return fact(message.data.withdrawalId, null, { trigger: 'hold_released' });
    case 'ledger.command-refused.v1':
      if (message.data.command === 'ledger.fund-account.v1') return NOTHING; // whoever asked for it was told, and may ask again
      return { kind: 'alarm', text: `ledger refused ${message.data.command}: ${message.data.reason}` };
    case 'ledger.account-opened.v1':
    case 'ledger.account-frozen.v1':
    case 'ledger.account-unfrozen.v1':
    case 'ledger.account-funded.v1':
    case 'ledger.funds-transferred.v1':
    case 'ledger.submission-started.v1':
    case 'ledger.entry-reversed.v1':
    case 'ledger.venue-fee-recorded.v1':
      return NOTHING;
    default:
      return unreachable(message);
  }
}

export function newsOfVenue(message: Message<typeof venueEvents>): News {
  const { withdrawalId, venue: by } = message.data;
  switch (message.type) {
    case 'venue.submission-scheduled.v1':
      return { kind: 'expected', withdrawalId, by, at: new Date(message.data.expectedAt) };
    case 'venue.submission-accepted.v1':
      return fact(withdrawalId, by, { trigger: 'accepted', venueReference: message.data.venueReference, txHash: message.data.txHash });
    case 'venue.submission-refused.v1': {
      const { reason, message: text } = message.data;
      return fact(withdrawalId, by, { trigger: reason === 'cancelled' ? 'cancelled' : 'refused', reason, message: text });
    }
    case 'venue.submission-unknown.v1':
      return fact(withdrawalId, by, { trigger: message.data.needsDecision ? 'decision_needed' : 'outcome_unknown', cause: message.data.cause });
    case 'venue.withdrawal-broadcast.v1':
      return fact(withdrawalId, by, { trigger: 'broadcast', txHash: message.data.txHash });
    case 'venue.withdrawal-settled.v1': {
      const { txHash, venueFee } = message.data;
      return {
        kind: 'fact',
        withdrawalId,
        by,
        fact: (asset) => ({ trigger: 'settled', txHash, venueFee: venueFee === null ? null : Amount.of(venueFee, asset) }),
      };
    }
    case 'venue.withdrawal-failed.v1': {
      const { reason, message: text, cancelled } = message.data;
      return fact(withdrawalId, by, { trigger: cancelled ? 'cancelled' : 'failed', reason, message: text });
    }
    case 'venue.cancel-refused.v1':
      return { kind: 'cancel_refused', withdrawalId, by, message: message.data.message };
    default:
      return unreachable(message);
  }
}

function fact(withdrawalId: string, by: string | null, known: Fact): News {
  return { kind: 'fact', withdrawalId, by, fact: () => known };
}

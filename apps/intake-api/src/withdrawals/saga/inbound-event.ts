import type { ledgerEvents, Message, venueEvents } from '@sluice/messages';
import { Amount, type Asset } from '@sluice/money';
import { unreachable } from '@sluice/result';
import type { OrderAsTold } from './reported-order.js';
import type { Fact } from '@sluice/withdrawal-core';

/** What one message says about one withdrawal. `expected`, `cancel_refused` and `missing` move nothing: the venue's turn is near; it will not stop it;
 * its connector has no submission of it.
 * `by` is the venue that says it, null for the ledger. */
export type News =
  | {
      readonly kind: 'fact';
      readonly withdrawalId: string;
      readonly by: string | null;
      readonly fact: (asset: Asset) => Fact;
      readonly asTold?: OrderAsTold;
    }
  | {
      readonly kind: 'expected';
      readonly withdrawalId: string;
      readonly by: string;
      readonly at: Date;
    }
  | {
      readonly kind: 'cancel_refused';
      readonly withdrawalId: string;
      readonly by: string;
      readonly message: string;
    }
  | { readonly kind: 'missing'; readonly withdrawalId: string; readonly by: string }
  | { readonly kind: 'fee_recorded'; readonly withdrawalId: string }
  | {
      readonly kind: 'command_refused';
      readonly withdrawalId: string;
      readonly command: string;
      readonly reason: string;
    }
  | { readonly kind: 'account_opened'; readonly accountId: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'alarm'; readonly text: string };

/** Commands of the saga. */
const SENT_BY_US: ReadonlySet<string> = new Set([
  'ledger.place-hold.v1',
  'ledger.capture-hold.v1',
  'ledger.release-hold.v1',
  'ledger.record-venue-fee.v1',
]);

const NOTHING: News = { kind: 'nothing' };

export function newsOfLedger(message: Message<typeof ledgerEvents>): News {
  switch (message.type) {
    case 'ledger.hold-placed.v1':
      return fact(
        message.data.withdrawalId,
        null,
        { trigger: 'hold_placed' },
        ofHold(message.data),
      );
    case 'ledger.hold-refused.v1':
      return fact(
        message.data.withdrawalId,
        null,
        { trigger: 'hold_refused', reason: message.data.reason },
        ofHold(message.data),
      );
    case 'ledger.hold-captured.v1':
      return fact(message.data.withdrawalId, null, { trigger: 'hold_captured' }, message.data);
    // An expired hold is given back like a released one. This saga places none that expire, so for it that fits no state and opens a case.
    case 'ledger.hold-released.v1':
    case 'ledger.hold-expired.v1':
      return fact(
        message.data.withdrawalId,
        null,
        { trigger: 'hold_released' },
        ofHold(message.data),
      );
    case 'ledger.command-refused.v1':
      if (message.data.command === 'ledger.fund-account.v1') return NOTHING; // whoever asked for it was told, and may ask again
      if (message.data.withdrawalId !== undefined && SENT_BY_US.has(message.data.command))
        return commandRefused(message.data.withdrawalId, message.data);
      return {
        kind: 'alarm',
        text: `ledger refused ${message.data.command}: ${message.data.reason}`,
      };
    case 'ledger.account-opened.v1':
      return { kind: 'account_opened', accountId: message.data.accountId };
    case 'ledger.venue-fee-recorded.v1':
      return { kind: 'fee_recorded', withdrawalId: message.data.withdrawalId };
    case 'ledger.account-frozen.v1':
    case 'ledger.account-unfrozen.v1':
    case 'ledger.account-funded.v1':
    case 'ledger.funds-transferred.v1':
    case 'ledger.submission-started.v1':
    case 'ledger.entry-reversed.v1':
      return NOTHING;
    default:
      return unreachable(message);
  }
}

type VenueMessage = Message<typeof venueEvents>;
type AsideMessage = Extract<
  VenueMessage,
  {
    type:
      | 'venue.submission-scheduled.v1'
      | 'venue.cancel-refused.v1'
      | 'venue.sent.v1'
      | 'venue.submission-missing.v1';
  }
>;

export function newsOfVenue(message: VenueMessage): News {
  const { withdrawalId, venue: by } = message.data;
  switch (message.type) {
    case 'venue.submission-scheduled.v1':
      return { kind: 'expected', withdrawalId, by, at: new Date(message.data.expectedAt) };
    case 'venue.cancel-refused.v1':
      return { kind: 'cancel_refused', withdrawalId, by, message: message.data.message };
    case 'venue.sent.v1':
      return NOTHING; // compared, not followed: see SentAudit
    case 'venue.submission-missing.v1':
      return { kind: 'missing', withdrawalId, by };
    default:
      return {
        kind: 'fact',
        withdrawalId,
        by,
        fact: (asset) => factOfVenue(message, asset),
        asTold: digestOf(message.data),
      };
  }
}

function factOfVenue(message: Exclude<VenueMessage, AsideMessage>, asset: Asset): Fact {
  switch (message.type) {
    case 'venue.submission-accepted.v1':
      return {
        trigger: 'accepted',
        venueReference: message.data.venueReference,
        txHash: message.data.txHash,
      };
    case 'venue.submission-refused.v1': {
      const { reason, message: text } = message.data;
      return { trigger: reason === 'cancelled' ? 'cancelled' : 'refused', reason, message: text };
    }
    case 'venue.submission-unknown.v1':
      return {
        trigger: message.data.needsDecision ? 'decision_needed' : 'outcome_unknown',
        cause: message.data.cause,
      };
    case 'venue.withdrawal-broadcast.v1':
      return { trigger: 'broadcast', txHash: message.data.txHash };
    case 'venue.withdrawal-settled.v1': {
      const { txHash, venueFee } = message.data;
      return {
        trigger: 'settled',
        txHash,
        venueFee: venueFee === null ? null : Amount.of(venueFee, asset),
      };
    }
    case 'venue.withdrawal-failed.v1': {
      const { reason, message: text, cancelled } = message.data;
      return { trigger: cancelled ? 'cancelled' : 'failed', reason, message: text };
    }
    default:
      return unreachable(message);
  }
}

function fact(withdrawalId: string, by: string | null, known: Fact, asTold: OrderAsTold): News {
  return { kind: 'fact', withdrawalId, by, fact: () => known, asTold };
}

/** What a hold reserves is amount and fee together. */
function ofHold({
  amount: total,
  ...rest
}: {
  accountId: string;
  asset: string;
  amount: string;
  digest?: string;
}): OrderAsTold {
  const { accountId, asset, digest } = rest;
  return { accountId, asset, total, digest };
}

function digestOf({ digest }: { digest?: string }): OrderAsTold {
  return { digest };
}

function commandRefused(
  withdrawalId: string,
  { command, reason }: { command: string; reason: string },
): News {
  return { kind: 'command_refused', withdrawalId, command, reason };
}

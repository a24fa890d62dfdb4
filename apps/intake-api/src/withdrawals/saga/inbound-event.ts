import { untilOf } from '@sluice/signing';
import {
  NO_WITHDRAWAL,
  type ledgerEvents,
  type Message,
  type VenueEvents,
  type WalletEventsTopic,
} from '@sluice/messages';
import { Amount, type Asset, unreachable } from '@sluice/kernel';
import type { CoinsArrived } from './coins-arrived.js';
import type { ReportedWait } from '../waiting/waits-for.js';
import {
  approvalAsked,
  digestOf,
  holdRefused,
  holdReleased,
  ofHold,
  type ReportedOrder,
  returnedPart,
} from './reported-order.js';
import type { Fact } from '@sluice/withdrawal-core';
import type { RefusedCost, WalletCost } from './wallet-costs.js';

export interface InboundEvent {
  readonly id: string;
  /** Trace of the message, if traced. */
  readonly traceparent?: string;
  readonly change: ReportedChange;
}

/**
 * Report of a message about a withdrawal, or about the costs of our own wallet. Five kinds about a
 * withdrawal are not steps of the state machine.
 *
 * - `hold_assigned`: the ledger assigned the hold to the next venue.
 * - `expected`: time of the submission under the venue's rate plan.
 * - `waits`: cause that holds the unsent submission now.
 * - `cancel_refused`: the venue will not stop the withdrawal.
 * - `missing`: the connector has no submission of the withdrawal.
 *
 * `by`: reporting venue, null for the ledger.
 */
export type ReportedChange =
  | {
      readonly kind: 'fact';
      readonly withdrawalId: string;
      readonly by: string | null;
      readonly fact: (asset: Asset) => Fact;
      readonly reported?: ReportedOrder;
      /** Placed hold: the ledger's receipt for the paying venue. */
      readonly timedReceipt?: string | undefined;
      /** Placed hold: the receipt for the signer, if our own wallet is the venue. */
      readonly signerReceipt?: string | undefined;
      readonly answeredAt?: Date; // placed hold: time of the ledger's answer, under its MAC
      /** Refusal or failure: the connector's proof of non-payment. */
      readonly proof?: string | undefined;
      /** Refused hold: the withdrawal already holding money under this reference at the ledger. */
      readonly heldBefore?: LostHold;
    }
  | {
      readonly kind: 'hold_assigned';
      readonly withdrawalId: string;
      readonly reported: ReportedOrder;
      readonly timedReceipt: string;
      readonly signerReceipt?: string | undefined;
    }
  | {
      readonly kind: 'expected';
      readonly withdrawalId: string;
      readonly by: string;
      readonly at: Date;
    }
  | ReportedWait
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
  | WalletCost
  | { readonly kind: 'coins_arrived'; readonly arrived: CoinsArrived }
  | ({ readonly kind: 'cost_refused' } & RefusedCost)
  | { readonly kind: 'account_opened'; readonly accountId: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'alarm'; readonly text: string };

/** Withdrawal lost in a restore of intake-api's database, and the venue of the hold. */
export interface LostHold {
  readonly withdrawalId: string;
  readonly venue: string | undefined;
  /** Digest of the order covered by the hold; undefined if the ledger has no digest. */
  readonly digest: string | undefined;
}

/** Commands about a withdrawal. A refusal of any other command does not concern a withdrawal. */
const COMMANDS_OF_SAGA: ReadonlySet<string> = new Set([
  'ledger.place-hold.v1',
  'ledger.assign-hold.v1',
  'ledger.capture-hold.v1',
  'ledger.release-hold.v1',
  'ledger.record-venue-fee.v1',
  'ledger.return-payment.v1',
]);

const COST_COMMANDS: ReadonlySet<string> = new Set([
  'ledger.record-gas.v1',
  'ledger.record-gas-top-up.v1',
  'ledger.record-wallet-funding.v1',
]);

const NOTHING: ReportedChange = { kind: 'nothing' };

export function changeOfLedgerEvent(message: Message<typeof ledgerEvents>): ReportedChange {
  switch (message.type) {
    case 'ledger.hold-placed.v1':
      return holdPlaced(message);
    case 'ledger.hold-assigned.v1': {
      const { withdrawalId, timedReceipt, signerReceipt } = message.data;
      const given = { timedReceipt, signerReceipt };
      return { kind: 'hold_assigned', withdrawalId, reported: ofHold(message.data), ...given };
    }
    case 'ledger.hold-refused.v1': {
      const { withdrawalId, heldAs, heldBy: venue, heldDigest: digest } = message.data;
      return {
        ...fact(withdrawalId, null, holdRefused(message.data), ofHold(message.data)),
        ...(heldAs !== undefined && { heldBefore: { withdrawalId: heldAs, venue, digest } }),
      };
    }
    case 'ledger.approval-asked.v1':
      return ofLedger(message.data, approvalAsked(message.data));
    case 'ledger.approval-ended.v1':
      return ofLedger(message.data, { trigger: 'approval_ended', reason: message.data.reason });
    case 'ledger.hold-captured.v1':
      return captured(message.data);
    case 'ledger.payment-returned.v1':
      return returnBooked(message.data);
    case 'ledger.hold-released.v1':
      return ofLedger(message.data, holdReleased(message.data.reason));
    // This saga places no expiring holds: no state allows the fact, and a case is opened.
    case 'ledger.hold-expired.v1':
      return ofLedger(message.data, holdReleased());
    case 'ledger.command-refused.v1':
      // the operator received the refusal as the answer and may repeat the request
      if (message.data.command === 'ledger.fund-account.v1') return NOTHING;
      if (COST_COMMANDS.has(message.data.command)) return costRefused(message.data);
      if (message.data.withdrawalId !== undefined && COMMANDS_OF_SAGA.has(message.data.command))
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
    case 'ledger.gas-recorded.v1':
    case 'ledger.gas-top-up-recorded.v1':
    case 'ledger.wallet-funded.v1':
      return NOTHING;
    default:
      return unreachable(message);
  }
}

type VenueMessage = Message<VenueEvents | WalletEventsTopic>;
type NoFactMessage = Extract<
  VenueMessage,
  {
    type:
      | 'venue.submission-scheduled.v1'
      | 'venue.submission-waits.v1'
      | 'venue.cancel-refused.v1'
      | 'venue.sent.v1'
      | 'venue.paid.v1'
      | 'venue.unclaimed.v1'
      | 'venue.submission-missing.v1'
      | 'venue.wallets.v1'
      | 'venue.gas-spent.v1'
      | 'venue.gas-topped-up.v1'
      | 'venue.coins-arrived.v1'
      | 'venue.wallet-coins.v1'
      | 'venue.block-seen.v1';
  }
>;

export function changeOfVenueEvent(message: VenueMessage): ReportedChange {
  const { withdrawalId, venue: by } = message.data;
  switch (message.type) {
    case 'venue.submission-scheduled.v1':
      return { kind: 'expected', withdrawalId, by, at: new Date(message.data.expectedAt) };
    case 'venue.submission-waits.v1':
      return { kind: 'waits', withdrawalId, by, cause: message.data.cause };
    case 'venue.cancel-refused.v1':
      return { kind: 'cancel_refused', withdrawalId, by, message: message.data.message };
    case 'venue.sent.v1':
    case 'venue.paid.v1':
      return NOTHING; // compared, not followed: see SentAudit and PaidAudit
    case 'venue.unclaimed.v1':
    case 'venue.wallets.v1':
    case 'venue.wallet-coins.v1':
    case 'venue.block-seen.v1':
      return NOTHING;
    case 'venue.gas-spent.v1':
      return {
        kind: 'gas_spent',
        cost: message.data,
        ...(withdrawalId !== NO_WITHDRAWAL && { withdrawalId }),
      };
    case 'venue.gas-topped-up.v1':
      return { kind: 'gas_topped_up', cost: message.data };
    case 'venue.coins-arrived.v1':
      return { kind: 'coins_arrived', arrived: message.data };
    case 'venue.submission-missing.v1':
      return { kind: 'missing', withdrawalId, by };
    default:
      return {
        kind: 'fact',
        withdrawalId,
        by,
        fact: (asset) => factOfVenue(message, asset),
        reported: digestOf(message.data),
        proof: 'proof' in message.data ? message.data.proof : undefined,
      };
  }
}

function factOfVenue(message: Exclude<VenueMessage, NoFactMessage>, asset: Asset): Fact {
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
      const { txHash, venueFee, confirmations, blockNumber } = message.data;
      return {
        trigger: 'settled',
        txHash,
        venueFee: venueFee === null ? null : Amount.of(venueFee, asset),
        confirmations,
        blockNumber,
      };
    }
    case 'venue.withdrawal-returned.v1': {
      const { amount, reason, message: text } = message.data;
      return { trigger: 'returned', amount: Amount.of(amount, asset), reason, message: text };
    }
    case 'venue.withdrawal-failed.v1': {
      const { reason, message: text, cancelled } = message.data;
      return { trigger: cancelled ? 'cancelled' : 'failed', reason, message: text };
    }
    default:
      return unreachable(message);
  }
}

function fact(
  withdrawalId: string,
  by: string | null,
  known: Fact,
  reported: ReportedOrder,
): Extract<ReportedChange, { kind: 'fact' }> {
  const complete = { ...reported, ...digestOf(reported) };
  return { kind: 'fact', withdrawalId, by, fact: () => known, reported: complete };
}

type HoldPlaced = Extract<Message<typeof ledgerEvents>, { type: 'ledger.hold-placed.v1' }>;
type Captured = Extract<Message<typeof ledgerEvents>, { type: 'ledger.hold-captured.v1' }>['data'];

function holdPlaced({ data, time }: HoldPlaced): ReportedChange {
  const { withdrawalId, timedReceipt, signerReceipt } = data;
  const placed: Fact = { trigger: 'hold_placed', until: untilOf(timedReceipt) };
  const reported = ofHold(data);
  const given = { reported, timedReceipt, signerReceipt, answeredAt: new Date(time) };
  return { ...fact(withdrawalId, null, placed, reported), ...given };
}

function captured(data: Captured): ReportedChange {
  const venueFeeIn = (asset: Asset) =>
    data.venueFee === undefined ? null : Amount.of(data.venueFee, asset);
  return {
    ...fact(data.withdrawalId, null, { trigger: 'hold_captured' }, data),
    fact: (asset) => ({ trigger: 'hold_captured', venueFee: venueFeeIn(asset) }),
  };
}

function returnBooked(data: Parameters<typeof returnedPart>[0]): ReportedChange {
  return fact(data.withdrawalId, null, { trigger: 'return_booked' }, returnedPart(data));
}

function ofLedger(hold: Parameters<typeof ofHold>[0] & { withdrawalId: string }, known: Fact) {
  return fact(hold.withdrawalId, null, known, ofHold(hold));
}

function commandRefused(
  withdrawalId: string,
  { command, reason }: { command: string; reason: string },
): ReportedChange {
  return { kind: 'command_refused', withdrawalId, command, reason };
}

function costRefused(
  data: Extract<Message<typeof ledgerEvents>, { type: 'ledger.command-refused.v1' }>['data'],
): ReportedChange {
  const { withdrawalId: of, command, commandId, reason } = data;
  return { kind: 'cost_refused', of, command, commandId, reason };
}

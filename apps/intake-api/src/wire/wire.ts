import { unreachable, wireDestination } from '@sluice/kernel';
import {
  encode,
  ledgerCommands,
  NO_WITHDRAWAL,
  recipientDigest,
  venueCommands,
  type Envelope,
  type ReportItem,
  type VenueCommands,
  type WireMessage,
} from '@sluice/messages';
import { withdrawalTraceparent } from '@sluice/runtime/tracing';
import { totalOf, type SagaCommand } from '@sluice/withdrawal-core';
import { randomUUIDv7 } from 'node:crypto';
import type { OrderAuthority } from '../orders/order-authority.js';
import type { StoredWithdrawal } from '../rows/withdrawal-store.js';
import { returnMessage } from './return-messages.js';

const SOURCE = 'intake-api';

/** Core types are never sent unchanged; this file maps messages in both directions. */
export function placeHoldMessage(
  {
    withdrawal: { order },
    digest,
    number,
    decimals,
    signedRequest,
    venueClientReference,
    seal,
    requestProof,
    earlierReceipt,
  }: Pick<
    StoredWithdrawal,
    | 'withdrawal'
    | 'digest'
    | 'seal'
    | 'requestProof'
    | 'number'
    | 'decimals'
    | 'signedRequest'
    | 'venueClientReference'
  > & {
    /** The ledger's receipt from before a restore of the ledger; omitted for a first request. */
    readonly earlierReceipt?: string | null;
  },
  at: Date,
  recipient: string = recipientDigest(order.destination),
): WireMessage {
  const data = {
    withdrawalId: order.id,
    accountId: order.accountId,
    asset: order.asset,
    amount: totalOf(order).toString(),
    payout: order.amount.toString(),
    fee: order.fee.toString(),
    recipientDigest: recipient,
    digest,
    ...(order.clientReference !== null && { reference: venueClientReference }),
    venue: order.venue,
    submitWithinMs: order.submitWithinMs,
    ...(signedRequest !== null && { signedRequest }),
    keyId: order.keyId,
    number,
    decimals,
    destination: wireDestination(order.destination),
    clientReference: order.clientReference,
    seal,
    ...(requestProof !== null && { requestProof }),
    ...(earlierReceipt && { earlierReceipt }),
  };
  return encode(ledgerCommands, {
    ...attributes(order.accountId, at, order.id),
    type: 'ledger.place-hold.v1',
    data,
  });
}

export type Cause = Pick<Envelope, 'id' | 'traceparent'>;

export interface CommandContext {
  readonly at: Date;
  readonly authority: OrderAuthority;
  readonly cause?: Cause;
}

/** A command of a step, or of a request to cancel, to the ledger or to a venue. */
export function commandMessage(
  stored: StoredWithdrawal,
  command: SagaCommand,
  { at, authority, cause }: CommandContext,
): WireMessage {
  const { digest, withdrawal } = stored;
  const { order, venue } = withdrawal;
  const toLedger = attributes(order.accountId, at, order.id, cause);
  const common = { withdrawalId: order.id, accountId: order.accountId };
  switch (command.kind) {
    case 'submit':
      return encode(commandsOf(venue), {
        ...attributes(order.id, at, order.id, cause),
        type: 'venue.submit-withdrawal.v1',
        data: { ...common, ...orderAtVenue(stored, command.notAfter, { at, authority }) },
      });
    case 'assign':
      return encode(ledgerCommands, {
        ...toLedger,
        type: 'ledger.assign-hold.v1',
        data: {
          ...common,
          venue,
          ...refusalProof(stored),
          submitWithinMs:
            command.notAfter && Math.max(0, command.notAfter.getTime() - at.getTime()),
          ...(command.releaseIfRefused && { releaseIfRefused: true }),
        },
      });
    case 'cancel':
      return encode(commandsOf(venue), {
        ...attributes(order.id, at, order.id, cause),
        type: 'venue.cancel-withdrawal.v1',
        data: { withdrawalId: order.id, reason: 'requested by the customer' },
      });
    case 'capture':
      return encode(ledgerCommands, {
        ...toLedger,
        type: 'ledger.capture-hold.v1',
        data: {
          ...common,
          asset: order.asset,
          amount: order.amount.toString(),
          fee: order.fee.toString(),
          venue,
          recipientDigest: recipientDigest(order.destination),
          digest,
          ...(command.venueFee !== null && { venueFee: command.venueFee.toString() }),
        },
      });
    case 'release':
      return encode(ledgerCommands, {
        ...toLedger,
        type: 'ledger.release-hold.v1',
        data: { ...common, reason: command.reason, ...proofOf(stored) },
      });
    case 'return':
      return returnMessage(stored, command.amount, toLedger);
    case 'record_venue_fee':
      return encode(ledgerCommands, {
        ...toLedger,
        type: 'ledger.record-venue-fee.v1',
        data: { ...common, venue, asset: order.asset, amount: command.amount.toString() },
      });
    default:
      return unreachable(command);
  }
}

function proofOf({ proof }: StoredWithdrawal): { proof?: string } {
  return proof === null ? {} : { proof };
}

/** The venue's order with the proofs of the order. */
function orderAtVenue(
  stored: StoredWithdrawal,
  notAfter: Date | null,
  { at, authority }: CommandContext,
) {
  const { order } = stored.withdrawal;
  return {
    asset: order.asset,
    amount: order.amount.toString(),
    destination: wireDestination(order.destination),
    notAfter: notAfter?.toISOString() ?? null,
    fee: order.fee.toString(),
    digest: stored.digest,
    clientReference: stored.venueClientReference,
    keyId: order.keyId,
    order: authority.orderFor(stored, notAfter),
    ...(stored.timedReceipt !== null && { timedReceipt: stored.timedReceipt }),
    ...(stored.signerReceipt !== null && { signerReceipt: stored.signerReceipt }),
    orderedAt: (stored.orderedAt ?? at).toISOString(),
  };
}

/** Last refusing venue and its proof. Throws without a proof: no other venue may pay then. */
function refusalProof({ withdrawal, proof }: StoredWithdrawal): { from: string; proof: string } {
  const from = withdrawal.tried.at(-1);
  if (from === undefined || proof === null)
    throw new Error(
      `${from} has refused ${withdrawal.order.id} without a proof that nothing moved`,
    );
  return { from, proof };
}

/** Queries the venue for the state of submissions. `items` must fit into a single message. */
export function reportMessage(venue: string, items: readonly ReportItem[], at: Date): WireMessage {
  const withdrawalId = items[0]?.withdrawalId ?? '';
  return encode(commandsOf(venue), {
    ...attributes(withdrawalId, at, withdrawalId),
    type: 'venue.report-submissions.v1',
    data: { withdrawalId, items },
  });
}

/** Requests another report of all orders sent and paid by the venue since the given time. */
export function reportAgainMessage(venue: string, since: string, at: Date): WireMessage {
  return encode(commandsOf(venue), {
    ...attributes(NO_WITHDRAWAL, at),
    type: 'venue.report-again.v1',
    data: { withdrawalId: NO_WITHDRAWAL, since },
  });
}

/**
 * Requests another read of the venue's record, with each payment the connector cannot attribute.
 */
export function reportUnclaimedMessage(
  venue: string,
  question: { readonly life: string; readonly since: string },
  at: Date,
): WireMessage {
  return encode(commandsOf(venue), {
    ...attributes(NO_WITHDRAWAL, at),
    type: 'venue.report-unclaimed.v1',
    data: { withdrawalId: NO_WITHDRAWAL, ...question },
  });
}

export function haltVenueMessage(
  venue: string,
  { withdrawalId, trigger, subject, details, accountId }: HaltOfVenue,
  at: Date,
): WireMessage {
  return encode(commandsOf(venue), {
    ...attributes(withdrawalId, at),
    type: 'venue.halt.v1',
    data: {
      withdrawalId,
      reason: trigger,
      subject,
      details,
      ...(accountId !== undefined && { accountId }),
    },
  });
}

export function openAccountMessage(accountId: string, name: string, at: Date): WireMessage {
  return encode(ledgerCommands, {
    ...attributes(accountId, at),
    type: 'ledger.open-account.v1',
    data: { accountId, name },
  });
}

interface HaltOfVenue {
  readonly withdrawalId: string;
  readonly trigger: string;
  readonly subject: string;
  readonly details: string;
  /** Limits the halt to this account. */
  readonly accountId?: string;
}

const topics = new Map<string, VenueCommands>();

function commandsOf(venue: string): VenueCommands {
  const topic = topics.get(venue) ?? venueCommands(venue);
  topics.set(venue, topic);
  return topic;
}

/** Attributes; the trace continues that of the causing message, or of the withdrawal's start. */
export function attributes(subject: string, at: Date, withdrawalId?: string, cause?: Cause) {
  const traceparent =
    cause?.traceparent ??
    (withdrawalId === undefined ? undefined : withdrawalTraceparent(withdrawalId));
  return {
    id: randomUUIDv7(),
    source: SOURCE,
    subject,
    time: at.toISOString(),
    ...(cause !== undefined && { causationId: cause.id }),
    ...(traceparent !== undefined && { traceparent }),
  };
}

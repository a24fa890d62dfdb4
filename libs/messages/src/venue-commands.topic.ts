import { IsOptional } from 'class-validator';
import type { WireDestination } from '@sluice/kernel';
import {
  type AWAITED_STATES,
  IsAccountId,
  IsAmount,
  IsAsset,
  IsDestination,
  IsHash,
  IsLabel,
  IsLife,
  IsMac,
  IsReason,
  IsReportItems,
  IsSignerReceipt,
  IsTime,
  IsTimedReceipt,
  IsTimeOrNull,
  IsVenueClientReference,
  IsWithdrawalId,
} from './fields.js';
import { VENUES } from './config.js';
import { topic } from './topic.js';

/** `venue.submit-withdrawal.v1`: pays `amount` to `destination`; the recipient gets exactly this amount. The hold is placed. */
class SubmitWithdrawalV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsDestination() destination!: WireDestination;
  /** Deadline: an order not sent by this time is refused as not sent. An order without a deadline is never sent. */
  @IsTimeOrNull() notAfter!: string | null;
  /** Our fee in addition to the amount: part of the digest, not of the payment. */
  @IsOptional() @IsAmount() fee?: string;
  /** Digest of the whole order, computed by `orderDigest`. */
  @IsOptional() @IsHash() digest?: string;
  /** Our reference at the venue: equal for every repeat of the same client request, also after a restore. An order without a reference is never sent. */
  @IsOptional() @IsVenueClientReference() clientReference?: string;
  /** Signature of intake-api: a customer requested this order at this venue. A connector sends nothing without `order` and `timedReceipt`. */
  @IsOptional() @IsMac() order?: string;
  /** Receipt of the ledger with an end: the proof of the hold for this venue. `notAfter` is never later. */
  @IsOptional() @IsTimedReceipt() timedReceipt?: string;
  /** Receipt of the ledger for the signer of our own wallet: the signer's only proof of the hold. */
  @IsOptional() @IsSignerReceipt() signerReceipt?: string;
  /** API key of the request, for halts of a key. An order without a key is never sent. */
  @IsOptional() @IsLabel() keyId?: string;
  /** Time of the first order at this venue; a repeated command has the same time. */
  @IsOptional() @IsTime() orderedAt?: string;
}

/** `venue.cancel-withdrawal.v1`: requests a stop of the payment. Only the venue's proof decides the result. */
class CancelWithdrawalV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsReason() reason!: string;
}

/** Withdrawal without progress, with the state known to the sender. */
export interface ReportItem {
  readonly withdrawalId: string;
  readonly state: (typeof AWAITED_STATES)[number];
}

/**
 * `venue.report-submissions.v1`: requests reports about these withdrawals. The connector publishes again the facts of withdrawals beyond
 * the given state, and `venue.submission-missing.v1` for unknown withdrawals. It publishes nothing about the others.
 */
class ReportSubmissionsV1 {
  /** First withdrawal of the list: the Kafka key. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsReportItems() items!: readonly ReportItem[];
}

/**
 * `venue.halt.v1`: halts the connector until people lift the halt, because the venue's payment differs from this withdrawal's order.
 * Repeats with the same reason and subject are one halt.
 */
class HaltVenueV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsLabel() reason!: string;
  @IsLabel() subject!: string;
  @IsReason() details!: string;
  /** Limits the halt to this account; absent: all accounts. */
  @IsOptional() @IsAccountId() accountId?: string;
}

/** `venue.report-again.v1`: requests another report of orders sent and paid since then, because a report was lost. */
class ReportAgainV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsTime() since!: string;
}

/**
 * `venue.report-unclaimed.v1`: the database of intake-api may have been restored. The connector reads the venue's record again and
 * answers with `venue.unclaimed.v1`; the last of these messages contains this `life`.
 */
class ReportUnclaimedV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  /** Id of the restore, repeated in the answer. */
  @IsLife() life!: string;
  /** Start of the time lost by intake-api. */
  @IsTime() since!: string;
}

/** Venue name of our own wallet. */
export const WALLET = 'wallet';

/** Connectors named differently from their venue. */
const CONNECTORS: Readonly<Partial<Record<string, string>>> = { [WALLET]: 'connector-evm' };

/** Connector service of a venue. */
export function connectorOf(venue: string): string {
  return CONNECTORS[venue] ?? `connector-${venue}`;
}

/** Venue of a connector service; null for other services. */
export function venueOfConnector(service: string): string | null {
  const own = Object.entries(CONNECTORS).find(([, connector]) => connector === service);
  if (own) return own[0];
  return service.startsWith(PREFIX) ? service.slice(PREFIX.length) : null;
}

const PREFIX = 'connector-';

/** `venue.<venue>.commands`: topic of a venue, consumed only by its connector. */
export function venueCommands<const V extends string>(venue: V) {
  return topic(`venue.${venue}.commands`, {
    producedBy: 'intake-api',
    consumedBy: connectorOf(venue),
    followedBy: ['auditor'],
    key: 'withdrawalId',
    // A request paid by our own wallet is answered with the hash of the transaction.
    awaited: venue === WALLET ? ['venue.submit-withdrawal.v1'] : [],
    types: {
      'venue.submit-withdrawal.v1': SubmitWithdrawalV1,
      'venue.cancel-withdrawal.v1': CancelWithdrawalV1,
      'venue.report-submissions.v1': ReportSubmissionsV1,
      'venue.halt.v1': HaltVenueV1,
      'venue.report-again.v1': ReportAgainV1,
      'venue.report-unclaimed.v1': ReportUnclaimedV1,
    },
  });
}

/** Command topics of all venues with a connector. */
export const VENUE_COMMANDS = [...VENUES, WALLET].map((venue) => venueCommands(venue));
export type VenueCommands = ReturnType<typeof venueCommands>;

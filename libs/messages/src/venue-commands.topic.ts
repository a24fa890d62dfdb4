import { IsOptional } from 'class-validator';
import type { WireDestination } from '@sluice/destination';
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
import { topic } from './topic.js';

/** `venue.submit-withdrawal.v1`: a hold is placed; pay `amount` to `destination`, so that the recipient gets exactly that. */
export class SubmitWithdrawalV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsDestination() destination!: WireDestination;
  /** After this moment an order that has not been sent yet is given up as not sent; null = waits as long as it takes. */
  @IsTimeOrNull() notAfter!: string | null;
  /** Ours, on top of the amount: part of the digest, not of what is sent. */
  @IsOptional() @IsAmount() fee?: string;
  /** Of the whole order, as `orderDigest` writes it. */
  @IsOptional() @IsHash() digest?: string;
  /** Our reference at the venue: the same whenever the same client asks for the same again, after a restore as well. */
  @IsOptional() @IsVenueClientReference() clientReference?: string;
  /** intake-api's word that the customer asked for this, of this venue; and the ledger's that its money is held for this venue. Nothing is sent without both. */
  @IsOptional() @IsMac() order?: string;
  @IsOptional() @IsMac() receipt?: string;
  /** The ledger's receipt with its end, which `notAfter` is never later than; it takes the place of `receipt` where it is known. */
  @IsOptional() @IsTimedReceipt() timedReceipt?: string;
  /** For our own wallet alone: the ledger's word for the signer, which has no other way to know that money is held for this order. */
  @IsOptional() @IsSignerReceipt() signerReceipt?: string;
  /** The API key that asked for it, by which it can be halted; absent in orders of before. */
  @IsOptional() @IsLabel() keyId?: string;
  /** When it was ordered of this venue for the first time; a command that is sent again keeps it. */
  @IsOptional() @IsTime() orderedAt?: string;
}

/** `venue.cancel-withdrawal.v1`: stop it where the venue still can; the answer is the venue's proof, not this wish. */
export class CancelWithdrawalV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsReason() reason!: string;
}

/** A withdrawal that has not moved for a while, and the state in which its sender sees it. */
export interface ReportItem {
  readonly withdrawalId: string;
  readonly state: (typeof AWAITED_STATES)[number];
}

/**
 * `venue.report-submissions.v1`: what has become of these? The connector publishes again what it knows of those that are further than the
 * state named, and `venue.submission-missing.v1` for those that it does not have. It publishes nothing about the others.
 */
export class ReportSubmissionsV1 {
  /** The first of them: the topic's key. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsReportItems() items!: readonly ReportItem[];
}

/**
 * `venue.halt.v1`: send nothing more until a person has lifted it. The venue did with this withdrawal what nobody asked of it. One halt
 * for each reason and subject, however often it comes.
 */
export class HaltVenueV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsLabel() reason!: string;
  @IsLabel() subject!: string;
  @IsReason() details!: string;
  /** Only what is of this account; else all. */
  @IsOptional() @IsAccountId() accountId?: string;
}

/** `venue.report-again.v1`: tell again what was sent and what was paid since then: a report was lost. */
export class ReportAgainV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsTime() since!: string;
}

/**
 * `venue.report-unclaimed.v1`: intake-api may have lost what it knew (its database was restored). The connector reads the venue's record
 * once more and answers with `venue.unclaimed.v1`; the last of these messages names this `life`.
 */
export class ReportUnclaimedV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  /** Names the restore; the answer repeats it. */
  @IsLife() life!: string;
  /** intake-api may have lost what happened since this time. */
  @IsTime() since!: string;
}

/** The venue that is our own wallet. */
export const WALLET = 'wallet';

/** Connectors that are called otherwise than their venue. */
const CONNECTORS: Readonly<Partial<Record<string, string>>> = { [WALLET]: 'connector-evm' };

/** The service that speaks to a venue. */
export function connectorOf(venue: string): string {
  return CONNECTORS[venue] ?? `connector-${venue}`;
}

/** The venue that a service speaks to; null for a service that is no connector. */
export function venueOfConnector(service: string): string | null {
  const own = Object.entries(CONNECTORS).find(([, connector]) => connector === service);
  if (own) return own[0];
  return service.startsWith(PREFIX) ? service.slice(PREFIX.length) : null;
}

const PREFIX = 'connector-';

/** `venue.<venue>.commands`: one topic for each venue, consumed by its connector alone. */
export function venueCommands<const V extends string>(venue: V) {
  return topic(`venue.${venue}.commands`, {
    producedBy: 'intake-api',
    consumedBy: connectorOf(venue),
    key: 'withdrawalId',
    // Who asks our own wallet to pay is answered with the hash of the transaction.
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

export const bitmartCommands = venueCommands('bitmart');
export const bybitCommands = venueCommands('bybit');
export const gateioCommands = venueCommands('gateio');
export const upvestCommands = venueCommands('upvest');
export const walletCommands = venueCommands('wallet');
export type VenueCommands = typeof gateioCommands;

import { IsOptional } from 'class-validator';
import {
  IsAmount,
  IsAmountOrNull,
  IsAsset,
  IsFlag,
  IsHash,
  IsLabel,
  IsLabelOrNull,
  IsLife,
  IsProof,
  IsReason,
  IsSentItems,
  IsTime,
  IsVenue,
  IsVenuePayments,
  IsWholeNumberText,
  IsWithdrawalId,
  IsWithdrawalIds,
} from './fields.js';
import { topic } from './topic.js';
import { VENUES } from './config.js';
import { connectorOf, WALLET } from './venue-commands.topic.js';
import {
  IsCount,
  IsNetwork,
  IsNoncePurpose,
  IsSeenPayments,
  IsTokens,
  IsWalletPurpose,
  IsWallets,
  type NONCE_PURPOSES,
  type WALLET_PURPOSES,
} from './account-fields.js';

/** `venue.submission-scheduled.v1`: the order waits in the queue of the venue; `expectedAt` is its time of submission under the rate plan. */
class SubmissionScheduledV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsTime() expectedAt!: string;
  /** Digest of the connector's copy of the order, in every fact of a venue. */
  @IsOptional() @IsHash() digest?: string;
}

/** `venue.submission-waits.v1`: the order has not been sent for 10 seconds, and `cause` holds it now: `halt`, `fault`, `permit`, `pause`, `person`, `confirmation`, `look_up`, `equal_payment`, `preparation`, `queue`. New causes may appear. */
class SubmissionWaitsV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsLabel() cause!: string;
  @IsOptional() @IsHash() digest?: string;
}

/** `venue.submission-accepted.v1`: the venue has accepted the order; the payment may still fail. This event precedes every later fact. */
class SubmissionAcceptedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsLabel() venueReference!: string;
  @IsLabelOrNull() clientReference!: string | null;
  @IsLabelOrNull() txHash!: string | null;
  @IsOptional() @IsHash() digest?: string;
}

/** `venue.submission-refused.v1`: nothing was paid and nothing will be paid, with proof. */
class SubmissionRefusedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  /** Our stable code: `invalid_address`, `insufficient_venue_funds`, `limit`, `not_permitted`, `expired`, `proven_absent`, … */
  @IsLabel() reason!: string;
  /** The venue's own code, e.g. `BALANCE_NOT_ENOUGH`. */
  @IsLabelOrNull() venueCode!: string | null;
  @IsReason() message!: string;
  @IsOptional() @IsHash() digest?: string;
  /** Statement of the connector for the ledger: nothing was paid and nothing will be paid for this order. For our own wallet the statement of the signer follows. */
  @IsOptional() @IsProof() proof?: string;
}

/** `venue.submission-unknown.v1`: the outcome is unknown, and the connector looks it up. Neither success nor failure. */
class SubmissionUnknownV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsReason() cause!: string;
  /** True when only a person can decide (no key to search by, no single match). */
  @IsFlag() needsDecision!: boolean;
  @IsOptional() @IsHash() digest?: string;
}

/** `venue.withdrawal-broadcast.v1`: the payment is on the chain with a known hash and not final. */
class WithdrawalBroadcastV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsLabel() venueReference!: string;
  @IsLabel() txHash!: string;
  @IsOptional() @IsHash() digest?: string;
}

/** `venue.withdrawal-settled.v1`: the venue's final word is "paid". */
class WithdrawalSettledV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsLabel() venueReference!: string;
  @IsLabelOrNull() txHash!: string | null;
  /** Fee charged by the venue, in the asset of the withdrawal; null while unknown. */
  @IsAmountOrNull() venueFee!: string | null;
  /** Amount that the recipient got, where a change of the venue's fee made a difference to the order. */
  @IsOptional() @IsAmount() received?: string;
  @IsOptional() @IsHash() digest?: string;
  /** Block of a payment on a chain followed by us; `confirmations` is the number of confirmations at finality. */
  @IsOptional() @IsCount() confirmations?: number;
  @IsOptional() @IsWholeNumberText() blockNumber?: string;
}

/** `venue.withdrawal-failed.v1`: the venue's final word is "not paid, funds are back". */
class WithdrawalFailedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsLabel() venueReference!: string;
  @IsLabel() reason!: string;
  @IsReason() message!: string;
  /** True if the payment ended because of our cancel request. */
  @IsFlag() cancelled!: boolean;
  @IsOptional() @IsHash() digest?: string;
  /** As in `venue.submission-refused.v1`. */
  @IsOptional() @IsProof() proof?: string;
}

/** `venue.withdrawal-returned.v1`: `amount` of a settled payment is back at the venue. Always after `venue.withdrawal-settled.v1`. */
class WithdrawalReturnedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsLabel() venueReference!: string;
  @IsAsset() asset!: string;
  /** Amount that came back: the amount of the order, or the part that people decided. */
  @IsAmount() amount!: string;
  @IsLabel() reason!: string;
  @IsReason() message!: string;
  @IsOptional() @IsHash() digest?: string;
  /** Statement of the connector for the ledger: this amount of this order came back. */
  @IsOptional() @IsProof() proof?: string;
}

/** `venue.cancel-refused.v1`: the venue cannot stop the payment; the withdrawal continues. */
class CancelRefusedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsReason() message!: string;
  @IsOptional() @IsHash() digest?: string;
}

/** `venue.submission-missing.v1`: the connector has no submission of a requested withdrawal: the order did not arrive or was lost. */
class SubmissionMissingV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
}

/** Order that a connector has begun to send. */
export interface SentItem {
  readonly withdrawalId: string;
  readonly accountId: string;
  readonly asset: string;
  readonly amount: string;
  readonly recipientDigest: string;
  /** Digest received with the order. */
  readonly digest?: string;
}

/** `venue.sent.v1`: orders sent since the previous report, once a minute, published at least once. intake-api compares them with the requests. */
class SentV1 {
  /** The first of them: the topic's key. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsSentItems() items!: readonly SentItem[];
}

/** Withdrawal id of messages about no single withdrawal: all of a venue have one key and are ordered. */
export const NO_WITHDRAWAL = '00000000-0000-0000-0000-000000000000';

/**
 * `venue.paid.v1`: payments settled since the previous report, once a minute, also without payments. intake-api compares them with its
 * records. A long report has several messages, and the last message contains the period. Periods follow each other without a gap.
 */
class PaidV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsWithdrawalIds() withdrawalIds!: readonly string[];
  @IsOptional() @IsTime() from?: string;
  @IsOptional() @IsTime() to?: string;
}

/** Payment of a venue without a known withdrawal. */
export interface VenuePayment {
  /** Reference of the venue's record; for a submission without a record, the id of its withdrawal. */
  readonly record: string;
  /** Our reference, if the record contains it. */
  readonly clientReference: string | null;
  /** Currency, amount and recipient in one text, equal for equal payments to an address; null where only the reference is compared. */
  readonly payment: string | null;
  readonly madeAt: string;
  /** True if the payment belongs to a withdrawal by now, or if people have decided about it. */
  readonly closed: boolean;
  /** Withdrawal of the connector's submission for this payment; intake-api may have lost the withdrawal. */
  readonly withdrawalId?: string;
}

/**
 * `venue.unclaimed.v1`: payments in the venue's record without a submission of the connector, and payments closed since their report;
 * published at least once. An order equal to an open payment waits for a person at the venue with the payment.
 */
class UnclaimedV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsVenuePayments() unclaimed!: readonly VenuePayment[];
  /** Id of the restore in the last message that answers `venue.report-unclaimed.v1`: the record was read completely after the request. */
  @IsOptional() @IsLife() life?: string;
}

/** Our paying address; `accountId` if it pays only withdrawals of this account. */
export interface OwnWallet {
  readonly network: string;
  readonly address: string;
  readonly purpose: (typeof WALLET_PURPOSES)[number];
  readonly accountId?: string;
}

/** Contract of a supported token. */
export interface TokenContract {
  readonly network: string;
  readonly currency: string;
  readonly address: string;
}

/** `venue.wallets.v1`: all paying addresses and known tokens, at start and once a minute. An address missing here is no longer ours. */
class WalletsV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsWallets() wallets!: readonly OwnWallet[];
  @IsTokens() tokens!: readonly TokenContract[];
}

/** `venue.gas-spent.v1`: cost of a transaction with a final nonce, independent of its purpose. One event per transaction; published at least once. */
class GasSpentV1 {
  /** Withdrawal of the transaction; `NO_WITHDRAWAL` if none. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsNetwork() network!: string;
  /** Native asset of the chain. */
  @IsAsset() asset!: string;
  /** Used gas multiplied by its price, in units of the asset. */
  @IsAmount() amount!: string;
  @IsLabel() txHash!: string;
  @IsLabel() from!: string;
  /** Purpose of the paying wallet. */
  @IsWalletPurpose() wallet!: (typeof WALLET_PURPOSES)[number];
  @IsNoncePurpose() purpose!: (typeof NONCE_PURPOSES)[number];
  /** Time of the block. */
  @IsTime() at!: string;
}

/** `venue.gas-topped-up.v1`: a transfer of gas from the tank to a wallet is final. Its own cost is reported as `venue.gas-spent.v1`. */
class GasToppedUpV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsNetwork() network!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsLabel() txHash!: string;
  @IsLabel() from!: string;
  @IsLabel() to!: string;
  @IsWholeNumberText() blockNumber!: string;
  @IsTime() at!: string;
}

/** `venue.coins-arrived.v1`: coins from outside at our address in a final block: the initial balance, or a later arrival. One event per arrival; published at least once. */
class CoinsArrivedV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsNetwork() network!: string;
  @IsLabel() address!: string;
  /** Purpose of the receiving wallet. */
  @IsWalletPurpose() wallet!: (typeof WALLET_PURPOSES)[number];
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** Number of the arrival for this address and asset; 1 is the initial balance. */
  @IsCount() number!: number;
  /** Final block of the detection. */
  @IsWholeNumberText() blockNumber!: string;
  /** Time of the detection. */
  @IsTime() at!: string;
}

/** `venue.wallet-coins.v1`: total balance of our addresses of a network for an asset in a final block, once a minute. intake-api compares it with the ledger. */
class WalletCoinsV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsNetwork() network!: string;
  @IsAsset() asset!: string;
  @IsAmount() total!: string;
  @IsWholeNumberText() blockNumber!: string;
  /** Time of the count. */
  @IsTime() at!: string;
}

/** Position of a payment on its chain. */
export interface SeenPayment {
  readonly withdrawalId: string;
  /** Hash of the mined transaction, or of its replacement; null if no transaction is mined any more. */
  readonly txHash: string | null;
  /** Block number; null before the transaction is mined, and after a reorganisation has removed it. */
  readonly blockNumber: string | null;
}

/**
 * `venue.block-seen.v1`: newest block of a network with mined payments that are not final, and the payments changed by this block. The
 * number of confirmations follows from both blocks, so payments with only one more confirmation are not listed.
 */
class BlockSeenV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsNetwork() network!: string;
  @IsWholeNumberText() blockNumber!: string;
  @IsSeenPayments() payments!: readonly SeenPayment[];
}

/** Types awaited by clients of our own wallet: the hash or the refusal. */
const ANSWERS_OF_WALLET = [
  'venue.submission-accepted.v1',
  'venue.withdrawal-broadcast.v1',
  'venue.submission-refused.v1',
] as const;

/** Messages of every venue. */
export function venueEvents(venue: string) {
  return topic(`venue.${venue}.events`, factsOf(venue));
}

/**
 * Types for the auditor: statements that nothing was paid, or came back. `venue.paid.v1` shows each minute that the
 * connector adds the auditor's MAC.
 */
const ENDS_FOR_AUDITOR = [
  'venue.submission-refused.v1',
  'venue.withdrawal-failed.v1',
  'venue.withdrawal-returned.v1',
  'venue.paid.v1',
] as const;

function factsOf(venue: string) {
  return {
    producedBy: connectorOf(venue),
    consumedBy: 'intake-api',
    followedBy: ['auditor'],
    followedTypes: ENDS_FOR_AUDITOR,
    key: 'withdrawalId',
    venue,
    awaited: venue === WALLET ? ANSWERS_OF_WALLET : [],
    types: {
      'venue.submission-scheduled.v1': SubmissionScheduledV1,
      'venue.submission-waits.v1': SubmissionWaitsV1,
      'venue.submission-accepted.v1': SubmissionAcceptedV1,
      'venue.submission-refused.v1': SubmissionRefusedV1,
      'venue.submission-unknown.v1': SubmissionUnknownV1,
      'venue.withdrawal-broadcast.v1': WithdrawalBroadcastV1,
      'venue.withdrawal-settled.v1': WithdrawalSettledV1,
      'venue.withdrawal-failed.v1': WithdrawalFailedV1,
      'venue.withdrawal-returned.v1': WithdrawalReturnedV1,
      'venue.cancel-refused.v1': CancelRefusedV1,
      'venue.submission-missing.v1': SubmissionMissingV1,
      'venue.sent.v1': SentV1,
      'venue.paid.v1': PaidV1,
      'venue.unclaimed.v1': UnclaimedV1,
    },
  };
}

const ofWallet = factsOf(WALLET);

/** Messages of our own wallet only. */
export const walletEvents = topic(`venue.${WALLET}.events`, {
  ...ofWallet,
  types: {
    ...ofWallet.types,
    'venue.wallets.v1': WalletsV1,
    'venue.gas-spent.v1': GasSpentV1,
    'venue.gas-topped-up.v1': GasToppedUpV1,
    'venue.coins-arrived.v1': CoinsArrivedV1,
    'venue.wallet-coins.v1': WalletCoinsV1,
    'venue.block-seen.v1': BlockSeenV1,
  },
});

/** Event topics of all venues with a connector. */
export const VENUE_EVENTS = [...VENUES.map((venue) => venueEvents(venue)), walletEvents];
export type VenueEvents = ReturnType<typeof venueEvents>;
export type WalletEventsTopic = typeof walletEvents;

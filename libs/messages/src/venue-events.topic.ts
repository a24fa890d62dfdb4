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
} from './wallet-fields.js';

/** `venue.submission-scheduled.v1`: it waits for its turn at the venue; `expectedAt` is when the rate plan lets it go. */
export class SubmissionScheduledV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsTime() expectedAt!: string;
  /** Of the order as the connector has it; absent where it has none. In every fact of a venue. */
  @IsOptional() @IsHash() digest?: string;
}

/** `venue.submission-accepted.v1`: the venue has taken it on; it may still fail. Always comes before any later word on it. */
export class SubmissionAcceptedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsLabel() venueReference!: string;
  @IsLabelOrNull() clientReference!: string | null;
  @IsLabelOrNull() txHash!: string | null;
  @IsOptional() @IsHash() digest?: string;
}

/** `venue.submission-refused.v1`: proven that nothing moved and nothing will. */
export class SubmissionRefusedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  /** Ours, stable: `invalid_address`, `insufficient_venue_funds`, `limit`, `not_permitted`, `expired`, `proven_absent`, … */
  @IsLabel() reason!: string;
  /** The venue's own code, e.g. `BALANCE_NOT_ENOUGH`. */
  @IsLabelOrNull() venueCode!: string | null;
  @IsReason() message!: string;
  @IsOptional() @IsHash() digest?: string;
  /** The connector's word for the ledger: of this order nothing has moved here, and nothing will. Of our own wallet with the statement of its signer behind it. */
  @IsOptional() @IsProof() proof?: string;
}

/** `venue.submission-unknown.v1`: it may have been paid; the connector is finding out. Neither success nor failure. */
export class SubmissionUnknownV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsReason() cause!: string;
  /** True when only a person can decide (no key to search by, no single match). */
  @IsFlag() needsDecision!: boolean;
  @IsOptional() @IsHash() digest?: string;
}

/** `venue.withdrawal-broadcast.v1`: on its way on the chain, hash known; not final. */
export class WithdrawalBroadcastV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsLabel() venueReference!: string;
  @IsLabel() txHash!: string;
  @IsOptional() @IsHash() digest?: string;
}

/** `venue.withdrawal-settled.v1`: the venue's final word is "paid". */
export class WithdrawalSettledV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsLabel() venueReference!: string;
  @IsLabelOrNull() txHash!: string | null;
  /** What the venue charged us for it, in the withdrawal's own asset; null while unknown. */
  @IsAmountOrNull() venueFee!: string | null;
  @IsOptional() @IsHash() digest?: string;
  /** Where it was paid on a chain that we follow ourselves: in which block, and how many have followed when it counted as final. */
  @IsOptional() @IsCount() confirmations?: number;
  @IsOptional() @IsWholeNumberText() blockNumber?: string;
}

/** `venue.withdrawal-failed.v1`: the venue's final word is "not paid, funds are back". */
export class WithdrawalFailedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsLabel() venueReference!: string;
  @IsLabel() reason!: string;
  @IsReason() message!: string;
  /** True when it ended because we asked for it. */
  @IsFlag() cancelled!: boolean;
  @IsOptional() @IsHash() digest?: string;
  /** As in `venue.submission-refused.v1`. */
  @IsOptional() @IsProof() proof?: string;
}

/** `venue.cancel-refused.v1`: it cannot be stopped any more, or not at this venue; the withdrawal goes on. */
export class CancelRefusedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsReason() message!: string;
  @IsOptional() @IsHash() digest?: string;
}

/** `venue.submission-missing.v1`: the connector has no submission of it, though it was asked about one: the order did not arrive, or was lost. */
export class SubmissionMissingV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
}

/** One order as a connector has begun to send it. */
export interface SentItem {
  readonly withdrawalId: string;
  readonly accountId: string;
  readonly asset: string;
  readonly amount: string;
  readonly recipientDigest: string;
  /** As it came with the order; absent for orders older than digests. */
  readonly digest?: string;
}

/** `venue.sent.v1`: once a minute, what has begun to be sent since the last time; published at least once. For comparison with what was asked. */
export class SentV1 {
  /** The first of them: the topic's key. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsSentItems() items!: readonly SentItem[];
}

/** What a message is about that is about no one withdrawal: all of a venue's have one key, so they come in their order. */
export const NO_WITHDRAWAL = '00000000-0000-0000-0000-000000000000';

/**
 * `venue.paid.v1`: once a minute, what has settled since the last time, also if nothing has. For comparison with what was booked as paid.
 * A long report is several messages, and the last of them says of which time it was: each begins where the one before has ended.
 */
export class PaidV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsWithdrawalIds() withdrawalIds!: readonly string[];
  @IsOptional() @IsTime() from?: string;
  @IsOptional() @IsTime() to?: string;
}

/** A payment of a venue that the gateway cannot attribute to a withdrawal yet. */
export interface VenuePayment {
  /** The reference of the venue's record; for a submission without one, the id of its withdrawal. */
  readonly record: string;
  /** Our reference, where the record has one. */
  readonly clientReference: string | null;
  /** Currency, amount and recipient in one text, equal for equal payments to an address; null where only the reference is compared. */
  readonly payment: string | null;
  readonly madeAt: string;
  /** The payment is attributed to a withdrawal, or a person has decided about it. */
  readonly closed: boolean;
  /** The connector has it as the submission of this withdrawal, which intake-api may have lost. */
  readonly withdrawalId?: string;
}

/**
 * `venue.unclaimed.v1`: payments in the venue's record that no submission of the connector has, and those that were closed since they
 * were reported; published at least once. An order that equals an open one waits for a person at the venue that has the payment.
 */
export class UnclaimedV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsVenuePayments() unclaimed!: readonly VenuePayment[];
  /** The answer to `venue.report-unclaimed.v1` ends with this message: every payment was reported that a reading after the question found. */
  @IsOptional() @IsLife() life?: string;
}

/** An address that we pay from; `accountId` where it pays the withdrawals of this account alone. */
export interface OwnWallet {
  readonly network: string;
  readonly address: string;
  readonly purpose: (typeof WALLET_PURPOSES)[number];
  readonly accountId?: string;
}

/** The contract of a token that is paid. */
export interface TokenContract {
  readonly network: string;
  readonly currency: string;
  readonly address: string;
}

/** `venue.wallets.v1`: at start and once a minute, every address that is paid from and every token that is known; what is not in it is not ours any more. */
export class WalletsV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsWallets() wallets!: readonly OwnWallet[];
  @IsTokens() tokens!: readonly TokenContract[];
}

/** `venue.gas-spent.v1`: a nonce is final, whatever became of what it was for; this is what its transaction cost us. Once for each transaction; published at least once. */
export class GasSpentV1 {
  /** The withdrawal that it was spent for; `NO_WITHDRAWAL` where it was for none. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsNetwork() network!: string;
  /** The chain's native asset. */
  @IsAsset() asset!: string;
  /** Gas used times its price, in units of the asset. */
  @IsAmount() amount!: string;
  @IsLabel() txHash!: string;
  @IsLabel() from!: string;
  /** What the wallet is for that it left. */
  @IsWalletPurpose() wallet!: (typeof WALLET_PURPOSES)[number];
  @IsNoncePurpose() purpose!: (typeof NONCE_PURPOSES)[number];
  /** When its block was made. */
  @IsTime() at!: string;
}

/** `venue.gas-topped-up.v1`: the gas tank has filled up a wallet, and that is final. Its own gas comes as `venue.gas-spent.v1`. */
export class GasToppedUpV1 {
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

/** `venue.coins-arrived.v1`: an address of ours has coins in a final block that we have not sent there: what it had at first, or what came since. Each once; published at least once. */
export class CoinsArrivedV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsNetwork() network!: string;
  @IsLabel() address!: string;
  /** What the wallet is for that it belongs to. */
  @IsWalletPurpose() wallet!: (typeof WALLET_PURPOSES)[number];
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** How many arrivals of this asset the address has had with it: 1 is what was there at first. */
  @IsCount() number!: number;
  /** The final block in which it was seen. */
  @IsWholeNumberText() blockNumber!: string;
  /** When it was seen. */
  @IsTime() at!: string;
}

/** `venue.wallet-coins.v1`: each minute, what all our addresses of a network have together of an asset in a final block. For comparison with the ledger. */
export class WalletCoinsV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsNetwork() network!: string;
  @IsAsset() asset!: string;
  @IsAmount() total!: string;
  @IsWholeNumberText() blockNumber!: string;
  /** When it was counted. */
  @IsTime() at!: string;
}

/** Where a payment is on its chain. */
export interface SeenPayment {
  readonly withdrawalId: string;
  /** Of the transaction that is in that block, or of the one that takes its place; null where none is in a block any more. */
  readonly txHash: string | null;
  /** Null while it is in no block, or in none any more. */
  readonly blockNumber: string | null;
}

/**
 * `venue.block-seen.v1`: the newest block of a network, while one of its payments waits in a block to be final, and which payments it has changed. How
 * many confirmations each has, follows from its block and this one: nothing is said of those that only got one more.
 */
export class BlockSeenV1 {
  /** `NO_WITHDRAWAL`. */
  @IsWithdrawalId() withdrawalId!: string;
  @IsVenue() venue!: string;
  @IsNetwork() network!: string;
  @IsWholeNumberText() blockNumber!: string;
  @IsSeenPayments() payments!: readonly SeenPayment[];
}

/** A client waits for the hash of what our own wallet pays, or for its refusal. */
const ANSWERS_OF_WALLET = [
  'venue.submission-accepted.v1',
  'venue.withdrawal-broadcast.v1',
  'venue.submission-refused.v1',
] as const;

/** What every venue tells. */
export function venueEvents(venue: string) {
  return topic(`venue.${venue}.events`, factsOf(venue));
}

function factsOf(venue: string) {
  return {
    producedBy: connectorOf(venue),
    consumedBy: 'intake-api',
    key: 'withdrawalId',
    venue,
    awaited: venue === WALLET ? ANSWERS_OF_WALLET : [],
    types: {
      'venue.submission-scheduled.v1': SubmissionScheduledV1,
      'venue.submission-accepted.v1': SubmissionAcceptedV1,
      'venue.submission-refused.v1': SubmissionRefusedV1,
      'venue.submission-unknown.v1': SubmissionUnknownV1,
      'venue.withdrawal-broadcast.v1': WithdrawalBroadcastV1,
      'venue.withdrawal-settled.v1': WithdrawalSettledV1,
      'venue.withdrawal-failed.v1': WithdrawalFailedV1,
      'venue.cancel-refused.v1': CancelRefusedV1,
      'venue.submission-missing.v1': SubmissionMissingV1,
      'venue.sent.v1': SentV1,
      'venue.paid.v1': PaidV1,
      'venue.unclaimed.v1': UnclaimedV1,
    },
  };
}

const ofWallet = factsOf(WALLET);

/** And what only our own wallet tells: no other venue has gas of ours to report. */
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

/** Of every venue that has a connector; what consumes the facts of all venues consumes these. */
export const VENUE_EVENTS = [
  venueEvents('bitmart'),
  venueEvents('bybit'),
  venueEvents('gateio'),
  venueEvents('upvest'),
  walletEvents,
];
export type VenueEvents = ReturnType<typeof venueEvents>;
export type WalletEvents = typeof walletEvents;

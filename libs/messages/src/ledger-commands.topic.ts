import type { WireDestination } from '@sluice/destination';
import { IsOptional } from 'class-validator';
import { IsClientReferenceOrNull, IsDecimals } from './customer-fields.js';
import {
  IsAccountId,
  IsAmount,
  IsAsset,
  IsDestination,
  IsHash,
  IsLabel,
  IsLabelOrNull,
  IsProof,
  IsReason,
  IsSignedRequest,
  IsTimeOrNull,
  IsVenue,
  IsVenueClientReference,
  IsWholeNumberText,
  IsWithdrawalId,
  IsWithinMsOrNull,
} from './fields.js';
import type { SignedRequest } from './signed-request.js';
import { topic } from './topic.js';
import {
  IsHouseAccount,
  IsNetwork,
  IsWalletPurpose,
  type WALLET_PURPOSES,
} from './wallet-fields.js';

/** `ledger.open-account.v1`: an account may have balances from now on. */
export class OpenAccountV1 {
  @IsAccountId() accountId!: string;
  @IsLabel() name!: string;
}

/** `ledger.place-hold.v1`: reserve `amount` (payout plus fee) for one withdrawal. */
export class PlaceHoldV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** What the recipient gets; with `fee` it is the amount. With it come `fee`, `recipientDigest` and `digest`, by which the ledger checks all of them. */
  @IsOptional() @IsAmount() payout?: string;
  @IsOptional() @IsAmount() fee?: string;
  @IsOptional() @IsHash() recipientDigest?: string;
  /** Of the whole order, as `orderDigest` writes it. */
  @IsOptional() @IsHash() digest?: string;
  /** The reference at venues that is derived from the client's own reference: an account has one hold for each. */
  @IsOptional() @IsVenueClientReference() reference?: string;
  /** The venue that is to pay it first: `ledger.hold-placed.v1` then carries the receipt for it. */
  @IsOptional() @IsVenue() venue?: string;
  /** How long that venue has to begin: its receipts end after so many milliseconds, and after seven days at the latest. */
  @IsOptional() @IsWithinMsOrNull() submitWithinMs?: number | null;
  /** When the hold ends by itself, unless `ledger.start-submission.v1` has come before. Absent: never. */
  @IsOptional() @IsTimeOrNull() expiresAt?: string | null;
  /** What its customer signed. An account with signers gets no hold without it. */
  @IsOptional() @IsSignedRequest() signedRequest?: SignedRequest;
  /** The REST API's `withdrawal_id`, as text. With it come `decimals`, `destination`, `clientReference` and `seal`. intake-api reads the five fields back when its database has lost the withdrawal; the ledger ignores them. */
  @IsOptional() @IsWholeNumberText() number?: string;
  /** The decimals of `amount` and `fee` in the REST API and in webhooks. */
  @IsOptional() @IsDecimals() decimals?: number;
  @IsOptional() @IsDestination() destination?: WireDestination;
  @IsOptional() @IsClientReferenceOrNull() clientReference?: string | null;
  /** intake-api's signature of `digest`: proof that a customer asked for this order. */
  @IsOptional() @IsProof() seal?: string;
}

/** `ledger.assign-hold.v1`: give the hold to the next venue, on the proof that nothing moved at the one that has it. */
export class AssignHoldV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsVenue() venue!: string;
  /** The venue that had it, and its connector's own word: as in `venue.submission-refused.v1`. */
  @IsVenue() from!: string;
  @IsProof() proof!: string;
  /** As in `ledger.place-hold.v1`. */
  @IsOptional() @IsWithinMsOrNull() submitWithinMs?: number | null;
}

/** `ledger.start-submission.v1`: a venue is about to be called; the hold does not expire any more. Do not call before `ledger.submission-started.v1`. */
export class StartSubmissionV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
}

/** `ledger.capture-hold.v1`: payment is proven; credit `amount` to the venue's clearing account and `fee` to fee income. What the hold has beyond both is available again. */
export class CaptureHoldV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsAmount() fee!: string;
  @IsVenue() venue!: string;
  /** As in `ledger.place-hold.v1`: a capture of another order than the one held is refused. */
  @IsOptional() @IsHash() recipientDigest?: string;
  @IsOptional() @IsHash() digest?: string;
  /** When the payment counts, where that is not when it is recorded. */
  @IsOptional() @IsTimeOrNull() effectiveAt?: string | null;
}

/** `ledger.release-hold.v1`: proven that nothing moved; give the reservation back. */
export class ReleaseHoldV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsReason() reason!: string;
  /** Of the venue that has the hold, as in `venue.submission-refused.v1`; without it only a hold that no venue has is released. */
  @IsOptional() @IsProof() proof?: string;
}

/** `ledger.expire-hold.v1`: a due hold that nobody began to pay ends. The ledger sends it to itself. */
export class ExpireHoldV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
}

/** `ledger.record-venue-fee.v1`: what the venue took for paying a captured withdrawal, now that it is known. */
export class RecordVenueFeeV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsVenue() venue!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** Of a fee that takes the place of one that was reversed; makes it idempotent per withdrawal. Absent: the first. */
  @IsOptional() @IsLabelOrNull() reference?: string | null;
}

/** `ledger.record-gas.v1`: what a final transaction of our own wallet has cost, whatever became of the withdrawal that it was for. */
export class RecordGasV1 {
  /** `HOUSE_ACCOUNT`. */
  @IsHouseAccount() accountId!: string;
  @IsNetwork() network!: string;
  /** Which of the network's two wallets paid it. */
  @IsWalletPurpose() wallet!: (typeof WALLET_PURPOSES)[number];
  /** The network's native asset. */
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** The hash of the transaction: one costs once. */
  @IsLabel() reference!: string;
  /** When its block was made. */
  @IsOptional() @IsTimeOrNull() effectiveAt?: string | null;
  /** The withdrawal that it was spent for. The entry is of none: what becomes of the withdrawal is no matter of it. */
  @IsOptional() @IsWithdrawalId() withdrawalId?: string;
}

/** `ledger.record-gas-top-up.v1`: the gas tank of a network has filled up its hot wallet, and that is final. */
export class RecordGasTopUpV1 {
  /** `HOUSE_ACCOUNT`. */
  @IsHouseAccount() accountId!: string;
  @IsNetwork() network!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** The hash of the transaction: one fills up once. */
  @IsLabel() reference!: string;
  @IsOptional() @IsTimeOrNull() effectiveAt?: string | null;
}

/** `ledger.record-wallet-funding.v1`: coins are at an address of our own wallet that nobody of us has sent there. They are the firm's, and no customer's. */
export class RecordWalletFundingV1 {
  /** `HOUSE_ACCOUNT`. */
  @IsHouseAccount() accountId!: string;
  @IsNetwork() network!: string;
  /** Which of the network's two wallets has them. */
  @IsWalletPurpose() wallet!: (typeof WALLET_PURPOSES)[number];
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** Address, asset, and the number of what came there: each is booked once. */
  @IsLabel() reference!: string;
  /** When they were seen in a final block. */
  @IsOptional() @IsTimeOrNull() effectiveAt?: string | null;
}

/** What accounts and withdrawals need, and what our own wallet costs. Money that comes in, is moved or taken back, and freezes, are ordered by persons at the ledger's admin API alone. */
export const ledgerCommands = topic('ledger.commands', {
  producedBy: 'intake-api',
  consumedBy: 'ledger',
  readBackBy: ['intake-api'],
  key: 'accountId',
  awaited: ['ledger.place-hold.v1'],
  types: {
    'ledger.open-account.v1': OpenAccountV1,
    'ledger.place-hold.v1': PlaceHoldV1,
    'ledger.assign-hold.v1': AssignHoldV1,
    'ledger.start-submission.v1': StartSubmissionV1,
    'ledger.capture-hold.v1': CaptureHoldV1,
    'ledger.release-hold.v1': ReleaseHoldV1,
    'ledger.expire-hold.v1': ExpireHoldV1,
    'ledger.record-venue-fee.v1': RecordVenueFeeV1,
    'ledger.record-gas.v1': RecordGasV1,
    'ledger.record-gas-top-up.v1': RecordGasTopUpV1,
    'ledger.record-wallet-funding.v1': RecordWalletFundingV1,
  },
});

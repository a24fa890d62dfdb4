import type { WireDestination } from '@sluice/kernel';
import { IsOptional } from 'class-validator';
import {
  IsClientReferenceOrNull,
  IsDecimals,
  IsHouseAccount,
  IsNetwork,
  IsWalletPurpose,
  type WALLET_PURPOSES,
} from './account-fields.js';
import {
  IsAccountId,
  IsAmount,
  IsAsset,
  IsDestination,
  IsFlag,
  IsHash,
  IsLabel,
  IsLabelOrNull,
  IsMac,
  IsProof,
  IsReason,
  IsSignedRequest,
  IsTimedReceipt,
  IsTimeOrNull,
  IsVenue,
  IsVenueClientReference,
  IsWholeNumberText,
  IsWithdrawalId,
  IsWithinMsOrNull,
} from './fields.js';
import type { SignedRequest } from './order-digest.js';
import { topic } from './topic.js';

/** `ledger.open-account.v1`: opens an account for balances. */
class OpenAccountV1 {
  @IsAccountId() accountId!: string;
  @IsLabel() name!: string;
}

/** `ledger.place-hold.v1`: reserves `amount` (payout plus fee) for a withdrawal. */
class PlaceHoldV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** Amount for the recipient; payout and `fee` together are `amount`. Sent together with `fee`, `recipientDigest` and `digest`; the ledger verifies all four. */
  @IsOptional() @IsAmount() payout?: string;
  @IsOptional() @IsAmount() fee?: string;
  @IsOptional() @IsHash() recipientDigest?: string;
  /** Digest of the whole order, computed by `orderDigest`. */
  @IsOptional() @IsHash() digest?: string;
  /** Reference at venues, derived from the client's reference. An account has at most one hold per reference. */
  @IsOptional() @IsVenueClientReference() reference?: string;
  /** First venue for the payment; `ledger.hold-placed.v1` contains the receipt for this venue. */
  @IsOptional() @IsVenue() venue?: string;
  /** Time in milliseconds in which the venue may begin: its receipts end afterwards, at the latest after seven days. */
  @IsOptional() @IsWithinMsOrNull() submitWithinMs?: number | null;
  /** Expiry of the hold, prevented by an earlier `ledger.start-submission.v1`. Absent: no expiry. */
  @IsOptional() @IsTimeOrNull() expiresAt?: string | null;
  /** Request signed by the customer. An account with signers gets no hold without this field. */
  @IsOptional() @IsSignedRequest() signedRequest?: SignedRequest;
  /** API key of the request, for limits per key. */
  @IsOptional() @IsLabel() keyId?: string;
  /** `withdrawal_id` of the REST API, as text. Sent together with `decimals`, `destination`, `clientReference` and `seal`. intake-api reads the five fields back when its database has lost the withdrawal; the ledger uses `destination`, and shows `number`, `destination` and `clientReference` to the approvers of the payment. */
  @IsOptional() @IsWholeNumberText() number?: string;
  /** Number of decimals of `amount` and `fee` in the REST API and in webhooks. */
  @IsOptional() @IsDecimals() decimals?: number;
  /** Recipient, for limits per destination and for approvers; must match `recipientDigest`. */
  @IsOptional() @IsDestination() destination?: WireDestination;
  @IsOptional() @IsClientReferenceOrNull() clientReference?: string | null;
  /** intake-api's signature of `digest`: proof that a customer asked for this order. */
  @IsOptional() @IsProof() seal?: string;
  /** intake-api's proof of the customer's request for the auditor; the ledger passes it on in `ledger.hold-placed.v1`. */
  @IsOptional() @IsMac() requestProof?: string;
  /** Only in a command sent again after a restore of the ledger: its receipt for `venue`. The ledger had allowed the payment, and its policy does not refuse the hold again. */
  @IsOptional() @IsTimedReceipt() earlierReceipt?: string;
}

/** `ledger.assign-hold.v1`: assigns the hold to the next venue, with proof that the current venue paid nothing. */
class AssignHoldV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsVenue() venue!: string;
  /** Previous venue. `proof` is the statement of its connector, as in `venue.submission-refused.v1`. */
  @IsVenue() from!: string;
  @IsProof() proof!: string;
  /** As in `ledger.place-hold.v1`. */
  @IsOptional() @IsWithinMsOrNull() submitWithinMs?: number | null;
  /** True: if a rule of the spending policy refuses the venue, the ledger releases the hold instead. Absent: the ledger refuses the command and keeps the hold, because another venue may have paid. */
  @IsOptional() @IsFlag() releaseIfRefused?: boolean;
}

/** `ledger.start-submission.v1`: announces the call of a venue and ends the expiry of the hold. The call must wait for `ledger.submission-started.v1`. */
class StartSubmissionV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
}

/** `ledger.capture-hold.v1`: captures the hold of a proven payment: credits `amount` to the venue's clearing account and `fee` to fee income. The remainder of the hold becomes available. */
class CaptureHoldV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsAmount() fee!: string;
  @IsVenue() venue!: string;
  /** As in `ledger.place-hold.v1`: a capture for a different order is refused. */
  @IsOptional() @IsHash() recipientDigest?: string;
  @IsOptional() @IsHash() digest?: string;
  /** Time at which the payment takes effect, if different from the time of recording. */
  @IsOptional() @IsTimeOrNull() effectiveAt?: string | null;
  /** The venue's fee in `asset`, if known: booked with the capture. The answer names a booked fee. */
  @IsOptional() @IsAmount() venueFee?: string;
}

/** `ledger.release-hold.v1`: releases the hold of a withdrawal with proof that nothing was paid. */
class ReleaseHoldV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsReason() reason!: string;
  /** Proof of the venue with the hold, as in `venue.submission-refused.v1`. Without proof the ledger releases only a hold without a venue. */
  @IsOptional() @IsProof() proof?: string;
}

/** `ledger.return-payment.v1`: credits the customer with a captured payment that came back to its venue. Once per withdrawal; the fee stays charged. */
class ReturnPaymentV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsVenue() venue!: string;
  @IsAsset() asset!: string;
  /** Amount that came back; at most the amount of the capture. */
  @IsAmount() amount!: string;
  /** Proof of the venue that made the payment, as in `venue.withdrawal-returned.v1`. */
  @IsOptional() @IsProof() proof?: string;
}

/** `ledger.expire-hold.v1`: ends a due hold without a submission. The ledger sends this command to itself. */
class ExpireHoldV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
}

/** `ledger.record-venue-fee.v1`: records the venue's fee for a captured withdrawal. */
class RecordVenueFeeV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsVenue() venue!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** Reference of a fee that replaces a reversed fee; idempotent per withdrawal. Absent: the first fee. */
  @IsOptional() @IsLabelOrNull() reference?: string | null;
}

/** `ledger.record-gas.v1`: records the cost of a final transaction of our own wallet, independent of the result of its withdrawal. */
class RecordGasV1 {
  /** `HOUSE_ACCOUNT`. */
  @IsHouseAccount() accountId!: string;
  @IsNetwork() network!: string;
  /** Paying wallet of the network: hot wallet or gas tank. */
  @IsWalletPurpose() wallet!: (typeof WALLET_PURPOSES)[number];
  /** Native asset of the network. */
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** Hash of the transaction; each transaction is booked once. */
  @IsLabel() reference!: string;
  /** Time of the block. */
  @IsOptional() @IsTimeOrNull() effectiveAt?: string | null;
  /** Withdrawal of the transaction. The journal entry belongs to no withdrawal and is independent of its result. */
  @IsOptional() @IsWithdrawalId() withdrawalId?: string;
}

/** `ledger.record-gas-top-up.v1`: records a final transfer of gas from the tank of a network to its hot wallet. */
class RecordGasTopUpV1 {
  /** `HOUSE_ACCOUNT`. */
  @IsHouseAccount() accountId!: string;
  @IsNetwork() network!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** Hash of the transaction; each transaction is booked once. */
  @IsLabel() reference!: string;
  @IsOptional() @IsTimeOrNull() effectiveAt?: string | null;
}

/** `ledger.record-wallet-funding.v1`: records coins that arrived at an address of our own wallet from outside. They belong to the firm, not to a customer. */
class RecordWalletFundingV1 {
  /** `HOUSE_ACCOUNT`. */
  @IsHouseAccount() accountId!: string;
  @IsNetwork() network!: string;
  /** Receiving wallet of the network: hot wallet or gas tank. */
  @IsWalletPurpose() wallet!: (typeof WALLET_PURPOSES)[number];
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** Address, asset and number of the arrival; each arrival is booked once. */
  @IsLabel() reference!: string;
  /** Time of detection in a final block. */
  @IsOptional() @IsTimeOrNull() effectiveAt?: string | null;
}

/** Commands for accounts, withdrawals and the costs of our own wallet. Fundings, transfers, reversals and freezes are possible only through the admin API of the ledger. */
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
    'ledger.return-payment.v1': ReturnPaymentV1,
    'ledger.expire-hold.v1': ExpireHoldV1,
    'ledger.record-venue-fee.v1': RecordVenueFeeV1,
    'ledger.record-gas.v1': RecordGasV1,
    'ledger.record-gas-top-up.v1': RecordGasTopUpV1,
    'ledger.record-wallet-funding.v1': RecordWalletFundingV1,
  },
});

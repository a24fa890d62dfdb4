import { IsOptional } from 'class-validator';
import { IsHouseAccount, IsNetwork, IsPublicKeys, IsReversedLines } from './account-fields.js';
import {
  IsAccountId,
  IsAmount,
  IsAmountOrNull,
  IsAsset,
  IsEntryId,
  IsHash,
  IsLabel,
  IsLabelOrNull,
  IsMac,
  IsReason,
  IsSignedRequest,
  IsSignerReceipt,
  IsTime,
  IsTimedReceipt,
  IsTimeOrNull,
  IsVenue,
  IsWithdrawalId,
} from './fields.js';
import type { SignedRequest } from './order-digest.js';
import { topic } from './topic.js';

/** `ledger.account-opened.v1`: the account can have balances. */
class AccountOpenedV1 {
  @IsAccountId() accountId!: string;
  @IsLabel() name!: string;
}

/** `ledger.account-funded.v1`: credited by journal entry `entryId`. */
class AccountFundedV1 {
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsLabel() reference!: string;
  @IsLabel() entryId!: string;
}

/** `ledger.hold-placed.v1`: funds are reserved; nothing has moved yet. */
class HoldPlacedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** Digest of the order of the hold; absent for a hold without an order. */
  @IsOptional() @IsHash() digest?: string;
  /** Venue allowed to pay; `timedReceipt` is the ledger's receipt for its connector. Absent for a hold without a venue. */
  @IsOptional() @IsVenue() venue?: string;
  /** Receipt with an end, after which no submission may begin. */
  @IsOptional() @IsTimedReceipt() timedReceipt?: string;
  /** Receipt for the signer, if the venue is our own wallet. */
  @IsOptional() @IsSignerReceipt() signerReceipt?: string;
  /** Proof of the customer's request, as in `ledger.place-hold.v1`. */
  @IsOptional() @IsMac() requestProof?: string;
  /** Request signed by the customer, as in `ledger.place-hold.v1`, for an account with signers. */
  @IsOptional() @IsSignedRequest() signedRequest?: SignedRequest;
  /** Public keys of the account's signers in force for the key of `signedRequest`. */
  @IsOptional() @IsPublicKeys() signers?: readonly string[];
}

/** `ledger.approval-asked.v1`: funds are reserved, and no venue may pay before people have approved. The approval follows as `ledger.hold-placed.v1`. */
class ApprovalAskedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsOptional() @IsHash() digest?: string;
  @IsVenue() venue!: string;
  /** Groups of approvers with the number of people of each, e.g. `treasury 2, compliance 1`. */
  @IsReason() groups!: string;
  /** Digest of what the approvers see. */
  @IsHash() approvalDigest!: string;
  /** End of the time to decide. */
  @IsTime() expiresAt!: string;
}

/** `ledger.approval-ended.v1`: the hold ended without an approval; `amount` is available again and nothing was paid. */
class ApprovalEndedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsOptional() @IsHash() digest?: string;
  /** `approval_refused`, `approval_expired`, or `policy_denied` if a later rule set refuses the payment. */
  @IsLabel() reason!: string;
}

/** `ledger.hold-assigned.v1`: only this venue may pay from now on. */
class HoldAssignedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsOptional() @IsHash() digest?: string;
  @IsVenue() venue!: string;
  /** As in `ledger.hold-placed.v1`. */
  @IsTimedReceipt() timedReceipt!: string;
  /** As in `ledger.hold-placed.v1`. */
  @IsOptional() @IsSignerReceipt() signerReceipt?: string;
}

/** `ledger.hold-refused.v1`: no funds are reserved for this withdrawal, now or later. */
class HoldRefusedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** `held_before`, `amount_not_positive`, `account_not_found`, `account_frozen`, `order_not_signed`, `policy_denied`, `limit_exceeded` or `insufficient_funds`. A reused withdrawal id leads to `command-refused`, and the first hold stays in force. */
  @IsLabel() reason!: string;
  @IsAmountOrNull() available!: string | null;
  @IsOptional() @IsHash() digest?: string;
  /** With `policy_denied` and `limit_exceeded`: name of the refusing rule of the spending policy. */
  @IsOptional() @IsLabel() rule?: string;
  /** With `limit_exceeded`: amount or count that the limit still allows, in `unit`. */
  @IsOptional() @IsAmount() remaining?: string;
  /** With `limit_exceeded`: asset, `EUR` or `payments`. */
  @IsOptional() @IsLabel() unit?: string;
  /** With `limit_exceeded`: time at which the limit allows the amount, without further payments; null: never. */
  @IsOptional() @IsTimeOrNull() freesAt?: string | null;
  /** With `held_before`: withdrawal of the account with the hold for this reference; `heldBy` is the venue with the hold. */
  @IsOptional() @IsWithdrawalId() heldAs?: string;
  @IsOptional() @IsVenue() heldBy?: string;
  /** With `held_before`: digest of the order of the first hold. */
  @IsOptional() @IsHash() heldDigest?: string;
}

/** `ledger.submission-started.v1`: the hold no longer expires and ends only by proof; a venue may be called. */
class SubmissionStartedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsOptional() @IsHash() digest?: string;
}

/** `ledger.hold-captured.v1`: the customer has been debited `amount` + `fee` by journal entry `entryId`. */
class HoldCapturedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsAmount() fee!: string;
  @IsLabel() entryId!: string;
  @IsOptional() @IsHash() digest?: string;
  /** The booked fee of the venue, with its journal entry: that of the capture, or of a later fee. Absent: no fee was booked. */
  @IsOptional() @IsAmount() venueFee?: string;
  @IsOptional() @IsLabel() venueFeeEntryId?: string;
}

/** `ledger.hold-released.v1`: `amount` is available again. */
class HoldReleasedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsOptional() @IsHash() digest?: string;
  /** `limit_exceeded` or `policy_denied`: the hold ended instead of its assignment to a venue, because a rule of the spending policy refused the venue. Absent: a release was requested. */
  @IsOptional() @IsLabel() reason?: string;
}

/** `ledger.payment-returned.v1`: the customer has been credited `amount` of a captured payment by journal entry `entryId`. */
class PaymentReturnedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsVenue() venue!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsLabel() entryId!: string;
  @IsOptional() @IsHash() digest?: string;
}

/** `ledger.hold-expired.v1`: the hold was due without a submission; `amount` is available again. */
class HoldExpiredV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsOptional() @IsHash() digest?: string;
}

/** `ledger.venue-fee-recorded.v1`; the venue's fee is booked; `reference` is the reference of the command. */
class VenueFeeRecordedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsVenue() venue!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsLabel() entryId!: string;
  @IsOptional() @IsLabelOrNull() reference?: string | null;
}

/** `ledger.gas-recorded.v1`: journal entry `entryId` credited the paying wallet and debited the gas costs of its network. */
class GasRecordedV1 {
  /** `HOUSE_ACCOUNT`. */
  @IsHouseAccount() accountId!: string;
  @IsNetwork() network!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** Hash of the transaction. */
  @IsLabel() reference!: string;
  @IsEntryId() entryId!: string;
}

/** `ledger.gas-top-up-recorded.v1`: journal entry `entryId` credited the gas tank and debited the hot wallet of its network. */
class GasTopUpRecordedV1 {
  /** `HOUSE_ACCOUNT`. */
  @IsHouseAccount() accountId!: string;
  @IsNetwork() network!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsLabel() reference!: string;
  @IsEntryId() entryId!: string;
}

/** `ledger.wallet-funded.v1`: journal entry `entryId` debited our wallet by the coins that arrived from outside. */
class WalletFundedV1 {
  /** `HOUSE_ACCOUNT`. */
  @IsHouseAccount() accountId!: string;
  @IsNetwork() network!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsLabel() reference!: string;
  @IsEntryId() entryId!: string;
}

/** `ledger.entry-reversed.v1`: journal entry `entryId` reverses lines of `reversedEntryId`; the reversed entry stays unchanged. */
class EntryReversedV1 {
  @IsAccountId() accountId!: string;
  @IsEntryId() reversedEntryId!: string;
  @IsEntryId() entryId!: string;
  @IsReason() reason!: string;
  /** `venue_fee`: only the lines of the venue's fee in a capture. Absent: all other lines. */
  @IsOptional() @IsReversedLines() lines?: 'venue_fee';
}

/** `ledger.account-frozen.v1`: no new hold is placed for the account while a freeze is in force. */
class AccountFrozenV1 {
  @IsAccountId() accountId!: string;
  @IsLabel() freezeId!: string;
}

/** `ledger.account-unfrozen.v1`: this freeze is lifted; another freeze may be in force. */
class AccountUnfrozenV1 {
  @IsAccountId() accountId!: string;
  @IsLabel() freezeId!: string;
}

/** `ledger.funds-transferred.v1`: journal entry `entryId` debited `from` and credited `to`. */
class FundsTransferredV1 {
  @IsAccountId() accountId!: string;
  @IsLabel() from!: string;
  @IsLabel() to!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsLabel() reference!: string;
  @IsEntryId() entryId!: string;
}

/** `ledger.command-refused.v1`: a command violated a rule that correct callers obey; nothing changed, and a person should check. */
class CommandRefusedV1 {
  @IsAccountId() accountId!: string;
  @IsLabel() command!: string;
  @IsLabel() commandId!: string;
  /** Withdrawal of the command, if any. */
  @IsOptional() @IsWithdrawalId() withdrawalId?: string;
  @IsReason() reason!: string;
}

export const ledgerEvents = topic('ledger.events', {
  producedBy: 'ledger',
  consumedBy: 'intake-api',
  followedBy: ['auditor'],
  key: 'accountId',
  awaited: ['ledger.hold-placed.v1', 'ledger.hold-refused.v1', 'ledger.approval-asked.v1'],
  orderedBy: 'key', // a single instance decides for an account at a time, so that its events are published in order
  types: {
    'ledger.account-opened.v1': AccountOpenedV1,
    'ledger.account-frozen.v1': AccountFrozenV1,
    'ledger.account-unfrozen.v1': AccountUnfrozenV1,
    'ledger.account-funded.v1': AccountFundedV1,
    'ledger.funds-transferred.v1': FundsTransferredV1,
    'ledger.hold-placed.v1': HoldPlacedV1,
    'ledger.hold-assigned.v1': HoldAssignedV1,
    'ledger.hold-refused.v1': HoldRefusedV1,
    'ledger.approval-asked.v1': ApprovalAskedV1,
    'ledger.approval-ended.v1': ApprovalEndedV1,
    'ledger.submission-started.v1': SubmissionStartedV1,
    'ledger.hold-captured.v1': HoldCapturedV1,
    'ledger.hold-released.v1': HoldReleasedV1,
    'ledger.payment-returned.v1': PaymentReturnedV1,
    'ledger.hold-expired.v1': HoldExpiredV1,
    'ledger.venue-fee-recorded.v1': VenueFeeRecordedV1,
    'ledger.gas-recorded.v1': GasRecordedV1,
    'ledger.gas-top-up-recorded.v1': GasTopUpRecordedV1,
    'ledger.wallet-funded.v1': WalletFundedV1,
    'ledger.entry-reversed.v1': EntryReversedV1,
    'ledger.command-refused.v1': CommandRefusedV1,
  },
});

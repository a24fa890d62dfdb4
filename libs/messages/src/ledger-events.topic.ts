import { IsOptional } from 'class-validator';
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
  IsSignerReceipt,
  IsTimedReceipt,
  IsVenue,
  IsWithdrawalId,
} from './fields.js';
import { topic } from './topic.js';
import { IsHouseAccount, IsNetwork } from './wallet-fields.js';

/** `ledger.account-opened.v1` */
export class AccountOpenedV1 {
  @IsAccountId() accountId!: string;
  @IsLabel() name!: string;
}

/** `ledger.account-funded.v1`: credited by journal entry `entryId`. */
export class AccountFundedV1 {
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsLabel() reference!: string;
  @IsLabel() entryId!: string;
}

/** `ledger.hold-placed.v1`: funds are reserved; nothing has moved yet. */
export class HoldPlacedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** Of the order that this hold is for, as the ledger holds it; absent for a hold that was placed without one. */
  @IsOptional() @IsHash() digest?: string;
  /** The venue that may pay it now, and the ledger's receipt for its connector; absent where the hold is for no venue. */
  @IsOptional() @IsVenue() venue?: string;
  @IsOptional() @IsMac() receipt?: string;
  /** The same receipt with its end, after which nothing new may begin; connectors of release 0.2 do not know it. */
  @IsOptional() @IsTimedReceipt() timedReceipt?: string;
  /** Where that venue is our own wallet: the same for its signer. */
  @IsOptional() @IsSignerReceipt() signerReceipt?: string;
}

/** `ledger.hold-assigned.v1`: this venue may pay it now, and no other. */
export class HoldAssignedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsOptional() @IsHash() digest?: string;
  @IsVenue() venue!: string;
  @IsMac() receipt!: string;
  /** As in `ledger.hold-placed.v1`. */
  @IsOptional() @IsTimedReceipt() timedReceipt?: string;
  /** As in `ledger.hold-placed.v1`. */
  @IsOptional() @IsSignerReceipt() signerReceipt?: string;
}

/** `ledger.hold-refused.v1`: nothing is reserved and nothing will be for this withdrawal. */
export class HoldRefusedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** `held_before`, `amount_not_positive`, `account_not_found`, `account_frozen`, `order_not_signed` or `insufficient_funds`. A reused withdrawal id is a `command-refused`: the first hold stands. */
  @IsLabel() reason!: string;
  @IsAmountOrNull() available!: string | null;
  @IsOptional() @IsHash() digest?: string;
  /** With `held_before`: the withdrawal of the account that has the hold of this reference, and the venue that has the hold. */
  @IsOptional() @IsWithdrawalId() heldAs?: string;
  @IsOptional() @IsVenue() heldBy?: string;
  /** With `held_before`: the digest of the order that the first hold is for. */
  @IsOptional() @IsHash() heldDigest?: string;
}

/** `ledger.submission-started.v1`: the hold ends by proof alone from here on; a venue may be called. */
export class SubmissionStartedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsOptional() @IsHash() digest?: string;
}

/** `ledger.hold-captured.v1`: the customer has been debited `amount` + `fee` by journal entry `entryId`. */
export class HoldCapturedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsAmount() fee!: string;
  @IsLabel() entryId!: string;
  @IsOptional() @IsHash() digest?: string;
}

/** `ledger.hold-released.v1`: `amount` is available again. */
export class HoldReleasedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsOptional() @IsHash() digest?: string;
}

/** `ledger.hold-expired.v1`: it was due and no submission had started; `amount` is available again. */
export class HoldExpiredV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsOptional() @IsHash() digest?: string;
}

/** `ledger.venue-fee-recorded.v1`; `reference` is that of the command. */
export class VenueFeeRecordedV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsVenue() venue!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsLabel() entryId!: string;
  @IsOptional() @IsLabelOrNull() reference?: string | null;
}

/** `ledger.gas-recorded.v1`: journal entry `entryId` credited the wallet that paid and debited what gas costs on its network. */
export class GasRecordedV1 {
  /** `HOUSE_ACCOUNT`. */
  @IsHouseAccount() accountId!: string;
  @IsNetwork() network!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  /** The hash of the transaction that cost it. */
  @IsLabel() reference!: string;
  @IsEntryId() entryId!: string;
}

/** `ledger.gas-top-up-recorded.v1`: journal entry `entryId` credited the gas tank and debited the hot wallet of its network. */
export class GasTopUpRecordedV1 {
  /** `HOUSE_ACCOUNT`. */
  @IsHouseAccount() accountId!: string;
  @IsNetwork() network!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsLabel() reference!: string;
  @IsEntryId() entryId!: string;
}

/** `ledger.wallet-funded.v1`: journal entry `entryId` debited a wallet of ours by what has come there from outside. */
export class WalletFundedV1 {
  /** `HOUSE_ACCOUNT`. */
  @IsHouseAccount() accountId!: string;
  @IsNetwork() network!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsLabel() reference!: string;
  @IsEntryId() entryId!: string;
}

/** `ledger.entry-reversed.v1`: journal entry `entryId` posts the opposite of `reversedEntryId`, which stays as it was. */
export class EntryReversedV1 {
  @IsAccountId() accountId!: string;
  @IsEntryId() reversedEntryId!: string;
  @IsEntryId() entryId!: string;
  @IsReason() reason!: string;
}

/** `ledger.account-frozen.v1`: nothing more is promised from the account while a freeze is in force. */
export class AccountFrozenV1 {
  @IsAccountId() accountId!: string;
  @IsLabel() freezeId!: string;
}

/** `ledger.account-unfrozen.v1`: this freeze is lifted; another one may be in force. */
export class AccountUnfrozenV1 {
  @IsAccountId() accountId!: string;
  @IsLabel() freezeId!: string;
}

/** `ledger.funds-transferred.v1`: journal entry `entryId` debited `from` and credited `to`. */
export class FundsTransferredV1 {
  @IsAccountId() accountId!: string;
  @IsLabel() from!: string;
  @IsLabel() to!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsLabel() reference!: string;
  @IsEntryId() entryId!: string;
}

/** `ledger.command-refused.v1`: a command broke a rule that no correct caller breaks; nothing changed and a person should look. */
export class CommandRefusedV1 {
  @IsAccountId() accountId!: string;
  @IsLabel() command!: string;
  @IsLabel() commandId!: string;
  /** Where the command was about one. */
  @IsOptional() @IsWithdrawalId() withdrawalId?: string;
  @IsReason() reason!: string;
}

export const ledgerEvents = topic('ledger.events', {
  producedBy: 'ledger',
  consumedBy: 'intake-api',
  key: 'accountId',
  awaited: ['ledger.hold-placed.v1', 'ledger.hold-refused.v1'],
  orderedBy: 'key', // one instance at a time decides for an account: waiting for another is rare, and its events come in order
  types: {
    'ledger.account-opened.v1': AccountOpenedV1,
    'ledger.account-frozen.v1': AccountFrozenV1,
    'ledger.account-unfrozen.v1': AccountUnfrozenV1,
    'ledger.account-funded.v1': AccountFundedV1,
    'ledger.funds-transferred.v1': FundsTransferredV1,
    'ledger.hold-placed.v1': HoldPlacedV1,
    'ledger.hold-assigned.v1': HoldAssignedV1,
    'ledger.hold-refused.v1': HoldRefusedV1,
    'ledger.submission-started.v1': SubmissionStartedV1,
    'ledger.hold-captured.v1': HoldCapturedV1,
    'ledger.hold-released.v1': HoldReleasedV1,
    'ledger.hold-expired.v1': HoldExpiredV1,
    'ledger.venue-fee-recorded.v1': VenueFeeRecordedV1,
    'ledger.gas-recorded.v1': GasRecordedV1,
    'ledger.gas-top-up-recorded.v1': GasTopUpRecordedV1,
    'ledger.wallet-funded.v1': WalletFundedV1,
    'ledger.entry-reversed.v1': EntryReversedV1,
    'ledger.command-refused.v1': CommandRefusedV1,
  },
});

import { IsAccountId, IsAmount, IsAsset, IsLabel, IsReason, IsVenue, IsWithdrawalId } from './fields.js';
import { topic } from './topic.js';

/** `ledger.open-account.v1`: an account may have balances from now on. */
export class OpenAccountV1 {
  @IsAccountId() accountId!: string;
  @IsLabel() name!: string;
}

/** `ledger.fund-account.v1`: money arrived from outside; `reference` makes it idempotent per account. */
export class FundAccountV1 {
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsLabel() reference!: string;
}

/** `ledger.place-hold.v1`: reserve `amount` (payout plus fee) for one withdrawal. */
export class PlaceHoldV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
}

/** `ledger.capture-hold.v1`: payment is proven; debit `amount` to the venue's clearing account and `fee` to fee income. */
export class CaptureHoldV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsAmount() fee!: string;
  @IsVenue() venue!: string;
}

/** `ledger.release-hold.v1`: proven that nothing moved; give the reservation back. */
export class ReleaseHoldV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsReason() reason!: string;
}

/** `ledger.record-venue-fee.v1`: what the venue took for paying a captured withdrawal, now that it is known. */
export class RecordVenueFeeV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsVenue() venue!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
}

export const ledgerCommands = topic('ledger.commands', {
  owner: 'ledger',
  key: 'accountId',
  types: {
    'ledger.open-account.v1': OpenAccountV1,
    'ledger.fund-account.v1': FundAccountV1,
    'ledger.place-hold.v1': PlaceHoldV1,
    'ledger.capture-hold.v1': CaptureHoldV1,
    'ledger.release-hold.v1': ReleaseHoldV1,
    'ledger.record-venue-fee.v1': RecordVenueFeeV1,
  },
});

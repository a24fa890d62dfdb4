export { availableOf, type Account, type Balance, type Freeze } from './account.js';
export { Book } from './book.js';
export type { BookChanges, BookRows } from './book-rows.js';
export {
  CHART,
  chartAccount,
  clearingAccount,
  customerAccount,
  customerOf,
  HOUSE_ACCOUNT,
  walletOf,
  type EntryKind,
  type LedgerAccount,
  type WalletPurpose,
} from './chart-of-accounts.js';
export { assignHold, type AssignHold } from './assign-hold.js';
export { captureHold, type CaptureHold } from './capture-hold.js';
export { expireHold, type ExpireHold } from './expire-hold.js';
export {
  freezeAccount,
  unfreezeAccount,
  type FreezeAccount,
  type UnfreezeAccount,
} from './freeze-account.js';
export { fundAccount, type FundAccount } from './fund-account.js';
export {
  CLOSED_HOLD_STATES,
  HOLD_STATES,
  HOLD_TRANSITIONS,
  OPEN_HOLD_STATES,
  type HoldCommand,
  type HoldState,
} from './hold-states.js';
export { HOLD_LIMITS, type HoldLimit } from './hold-limits.js';
export type {
  CapturedHold,
  ExpiredHold,
  Hold,
  HoldRefusal,
  PlacedHold,
  RefusedHold,
  ReleasedHold,
} from './hold.js';
export type { AccountId, Instant, WithdrawalId } from './identifiers.js';
export type {
  Funding,
  Gas,
  GasTopUp,
  WalletFunding,
  JournalEntry,
  Posting,
  Reversal,
  Transfer,
  VenueFee,
} from './journal.js';
export { openAccount, type OpenAccount } from './open-account.js';
export { findRefusal, placeHold, type HeldBefore, type PlaceHold } from './place-hold.js';
export { recordGas, type RecordGas } from './record-gas.js';
export { recordGasTopUp, type RecordGasTopUp } from './record-gas-top-up.js';
export { recordWalletFunding, type RecordWalletFunding } from './record-wallet-funding.js';
export { recordVenueFee, type RecordVenueFee } from './record-venue-fee.js';
export { REFUSAL_ORDER, type Refusal } from './refusal-order.js';
export { releaseHold, type ReleaseHold } from './release-hold.js';
export { reverseEntry, type ReverseEntry } from './reverse-entry.js';
export { startSubmission, type StartSubmission } from './start-submission.js';
export { transferFunds, type TransferFunds } from './transfer-funds.js';

export { availableOf, type Account, type Balance, type Freeze } from './account.js';
export { Book } from './book.js';
export type { BookChanges, BookRows } from './book-rows.js';
export {
  CHART,
  chartAccount,
  customerAccount,
  customerOf,
  HOUSE_ACCOUNT,
  walletOf,
  type EntryKind,
} from './chart-of-accounts.js';
export { assignHold } from './assign-hold.js';
export { captureWithVenueFee } from './capture-with-venue-fee.js';
export { expireHold } from './expire-hold.js';
export { freezeAccount, unfreezeAccount } from './freeze-account.js';
export { fundAccount } from './fund-account.js';
export {
  CLOSED_HOLD_STATES,
  HOLD_STATES,
  HOLD_TRANSITIONS,
  OPEN_HOLD_STATES,
  type HoldState,
} from './hold-states.js';
export { grantHold } from './grant-hold.js';
export { HOLD_LIMITS } from './hold-limits.js';
export type {
  CapturedHold,
  ExpiredHold,
  Hold,
  HoldApproval,
  HoldPolicy,
  HoldRefusal,
  PlacedHold,
  ReleasedHold,
} from './hold.js';
export type { Instant } from './identifiers.js';
export type {
  Funding,
  Gas,
  GasTopUp,
  WalletFunding,
  JournalEntry,
  PaymentReturn,
  Reversal,
  Transfer,
  VenueFee,
} from './journal.js';
export { openAccount } from './open-account.js';
export { findRefusal, placeHold, type HeldBefore } from './place-hold.js';
export { recordGas } from './record-gas.js';
export { recordGasTopUp } from './record-gas-top-up.js';
export { recordWalletFunding } from './record-wallet-funding.js';
export { recordVenueFee } from './record-venue-fee.js';
export { REFUSAL_ORDER, type LedgerRefusal } from './refusal-order.js';
export { releaseHold } from './release-hold.js';
export { returnPayment } from './return-payment.js';
export { reverseEntry } from './reverse-entry.js';
export { startSubmission } from './start-submission.js';
export { transferFunds } from './transfer-funds.js';

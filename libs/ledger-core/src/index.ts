export {
  availableOf,
  type Account,
  type Balance,
  type Freeze,
  CHART,
  chartAccount,
  customerAccount,
  customerOf,
  HOUSE_ACCOUNT,
  walletOf,
  type EntryKind,
  type Instant,
} from './account.js';
export { Book } from './book.js';
export type { BookChanges, BookRows } from './book-rows.js';
export {
  assignHold,
  grantHold,
  findRefusal,
  placeHold,
  type HeldBefore,
  startSubmission,
} from './place-hold.js';
export { bookedFee, captureHold, recordVenueFee } from './capture-hold.js';
export { expireHold, releaseHold, returnPayment } from './release-hold.js';
export { freezeAccount, unfreezeAccount, fundAccount, openAccount } from './open-account.js';
export {
  CLOSED_HOLD_STATES,
  HOLD_STATES,
  HOLD_TRANSITIONS,
  OPEN_HOLD_STATES,
  type HoldState,
  HOLD_LIMITS,
  type CapturedHold,
  type ExpiredHold,
  type Hold,
  type HoldApproval,
  type HoldPolicy,
  type HoldRefusal,
  type PlacedHold,
  type ReleasedHold,
} from './hold.js';
export type {
  Funding,
  Gas,
  GasTopUp,
  WalletFunding,
  JournalEntry,
  PaymentReturn,
  Reversal,
  ReversedLines,
  Transfer,
  VenueFee,
} from './journal.js';
export { recordGas, recordGasTopUp, recordWalletFunding } from './wallet-bookings.js';
export { REFUSAL_ORDER, type LedgerRefusal } from './refusal-order.js';
export { reverseEntry, transferFunds } from './corrections.js';

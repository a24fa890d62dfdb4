export {
  earlyReturn,
  noteEarlyReturn,
  isOutOfOrder,
  isKnownAlready,
  replaceHash,
  WALLET,
} from './known-facts.js';
export {
  advanceWithdrawal,
  allowsFailOver,
  type Fact,
  type Evidence,
  type SagaStep,
} from './advance-withdrawal.js';
export {
  cancelOutcome,
  isAtVenue,
  recordCancelRefused,
  requestCancel,
  type CancelTooLate,
} from './cancel-withdrawal.js';
export { describeDecision, hasOtherVenue, type RouteDecision, type Venue } from './choose-venue.js';
export {
  REASON_SENTENCES,
  reasonCodeOf,
  refusalCodeOf,
  type ReasonCode,
  RELEASE_CANCELLED,
  type SagaCommand,
  openWithdrawal,
  totalOf,
  type CancelRequest,
  type Order,
  type PolicyRefusal,
  type PricedOrder,
  type Withdrawal,
  earlier,
} from './withdrawal.js';
export {
  isSameRequest,
  recipientRefusal,
  requestWithdrawal,
  type RequestingKey,
  type Catalogue,
  type RequestRefusal,
  type PricedRequest,
  type WithdrawalRequest,
  type WithdrawalTerms,
} from './request-withdrawal.js';
export { CANCEL_LIMITS, CASE_LIMITS, WITHDRAWAL_LIMITS, type StateLimit } from './state-limits.js';
export {
  asNotifiedBefore,
  requesterAfterRestore,
  notifiedBeforeRestore,
  type NotifiedEnd,
} from './notified-before-restore.js';
export {
  isTerminal,
  PUBLIC_VIEW,
  publishedAs,
  TRANSITIONS,
  type PublicStatus,
  type State,
  type Trigger,
} from './withdrawal-states.js';

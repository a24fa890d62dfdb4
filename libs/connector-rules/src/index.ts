export {
  chainFault,
  chainNames,
  isUnknownName,
  recordedCurrency,
  recordedNetwork,
  type AddedAsset,
  type ChainNames,
} from './added-asset.js';
export {
  currenciesOf,
  formFor,
  formNamed,
  isKeyless,
  laneOf,
  watchForMs,
  type FormCapabilities,
  type Honoured,
  type ListingBound,
  type ReturnBound,
  type VenueCapabilities,
} from './capabilities.js';
export { originOf } from './client-reference.js';
export { factsAhead, type AwaitedState, type ReportedFact } from './facts-ahead.js';
export {
  differencesFrom,
  isAsAsked,
  judgeRecord,
  type JudgementLimits,
  type RecordVerdict,
  type TrackedSubmission,
} from './judge-record.js';
export { nextAttempt } from './next-attempt.js';
export { matchingRecords, type WantedRecord } from './matching-records.js';
export { movedNothing, likenessByFields } from './compare-record.js';
export { covers, intersection } from './venue-span.js';
export {
  absentFrom,
  isSilentLong,
  lookupPauseMs,
  resolveUnknown,
  searchSpan,
  silenceOf,
  type Resolution,
  type UnknownAttempt,
} from './resolve-unknown.js';
export { repeatOutcome } from './repeat-outcome.js';
export { SUBMISSION_LIMITS, type SubmissionLimit } from './state-limits.js';
export { balancesOf } from './balances-of.js';
export { completeRecord, readRows, type ReadRows } from './read-rows.js';
export { recordedAmount, recordedText } from './recorded-amount.js';
export {
  AFTER_ATTEMPT,
  ATTEMPT_STATES,
  edge,
  FIRST_STATE,
  isTerminal,
  nextState,
  STORED_STATES,
  SUBMISSION_STATES,
  triggersOf,
  type EdgeTrigger,
  type SubmissionState,
  type SubmissionTrigger,
} from './submission-states.js';
export {
  awaitedText,
  WAIT_KINDS,
  waitCausesOf,
  type WaitCause,
  type WaitFacts,
  type WaitKind,
} from './wait-causes.js';
export { type SubmissionEventKind } from './submission-events.js';
export { UNLISTED_CODE } from './venue-adapter.js';
export type {
  AnswerEvidence,
  VenueBalances,
  VenueCancelOutcome,
  DraftRecord,
  Throttle,
  UnreadableRow,
  Listing,
  ListingWindow,
  ListedWithdrawal,
  LookupOutcome,
  OtherSpending,
  Preparation,
  PreparedRequest,
  RefusalBasis,
  SearchKey,
  SpendingSpan,
  SubmitOutcome,
  VenueAdapter,
  VenueBalance,
  VenueSpan,
  VenueStatus,
  WithdrawalOrder,
} from './venue-adapter.js';
export { ruleFault } from './rule-fault.js';

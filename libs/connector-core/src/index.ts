export {
  currenciesOf,
  formFor,
  formNamed,
  isKeyless,
  laneOf,
  type AbsenceRule,
  type FormCapabilities,
  type Recovery,
  type VenueCapabilities,
} from './capabilities.js';
export { clientReference, withdrawalIdOf } from './client-reference.js';
export {
  destinationKey,
  type AddressDestination,
  type Destination,
  type ReferenceAccountDestination,
  type VenueAccountDestination,
} from './destination.js';
export { differencesFrom, judgeRecord, type CaseFinding, type Judgement, type RecordVerdict, type TrackedSubmission } from './judge-record.js';
export { nextAttempt, type EndedAttempt, type NextAttempt, type WishesOfOthers } from './next-attempt.js';
export { lookupPauseMs, matchesByFields, resolveUnknown, type Resolution, type UnknownAttempt } from './resolve-unknown.js';
export { repeatOutcome } from './repeat-outcome.js';
export { sameAmount } from './same-amount.js';
export {
  isTerminal,
  nextState,
  SUBMISSION_STATES,
  triggersOf,
  type IllegalTransition,
  type SubmissionState,
  type SubmissionTrigger,
} from './submission-states.js';
export { EVENT_ON_ENTERING, type SubmissionEventKind } from './submission-events.js';
export type {
  AnswerEvidence,
  CancelOutcome,
  Hold,
  Listing,
  ListingWindow,
  ListedWithdrawal,
  LookupOutcome,
  Preparation,
  PreparedRequest,
  SearchKey,
  SubmitOutcome,
  VenueAdapter,
  VenueStatus,
  WithdrawalOrder,
} from './venue-adapter.js';

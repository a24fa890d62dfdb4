export {
  connectorRules,
  tooShortFor,
  BUILT_IN_BOUND,
  CONNECTOR_SETTINGS,
  honouredBy,
  refusalLookup,
  venueAccount,
  type ConnectorConfig,
  type HonouredSettings,
} from './config.js';
export { connectorService } from './connector-service.js';
export { type AssetNames, AssetRefresh } from './assets/venue-assets.js';
export { SetAsset } from './assets/assets.controller.js';
export { openCases } from './cases/open-cases.js';
export { ConnectorEngineModule } from './connector-engine.module.js';
export { ConnectorEngine } from './connector-engine.js';
export { BalanceWatch, LARGEST_FEES } from './balance/balance-watch.js';
export { Breaks } from './breaks/breaks.js';
export { Decisions } from './admin/decisions.js';
export { SubmissionViews } from './admin/submission-views.js';
export { CommandHandler } from './commands/command-handler.js';
export { PermitWatch } from './permits/permit-watch.js';
export { RatePlan } from './rate/rate-plan.js';
export { type RateRules } from './rate/rate-rules.js';
export { type AuditedRecord, type RecordParts } from './record/audited-record.js';
export { collectWindow } from './listing/collect-window.js';
export { RecordReader } from './record/record-reader.js';
export { VenueHints } from './status/status-poller.js';
export {
  InjectCapabilities,
  InjectOwner,
  VENUE_ENDINGS,
  type KeyRights,
  type VenueStartCheck,
} from './tokens/tokens.js';
export { SendAuthority } from './authority/send-authority.js';
export type { Ended, Endings } from './wire/event-writer.js';
export { SendGate } from './worker/send-gate.js';
export { LEAST_CHECK_INTERVAL_MS } from './loops/submission-loops.js';
export { WorkerLeases } from './loops/worker-lease.js';
export { readVenueTime, VenueClock } from './clock/venue-clock.js';
export { evidenceOf, outcomeOfAnswer } from './http/answer-evidence.js';
export { FreshAnswers } from './http/fresh-answers.js';
export { askedPauseMs, type ReceivedAnswer, type VenueSpeech } from './http/venue-speech.js';
export {
  pathPrefix,
  TIME_UNKNOWN,
  timeOfAnswer,
  VenueHttp,
  type VenueAnswer,
  type VenueRequest,
} from './http/venue-http.js';
export { type Logger } from '@sluice/runtime';

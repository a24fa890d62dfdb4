export { registerClockGauge } from './metrics/clock-gauge.js';
export { startAtZero } from './metrics/start-at-zero.js';
export { SERVICE_RULES, SERVICE_SETTINGS, type ServiceConfig } from './settings/config.js';
export { KAFKA_SETTINGS, kafkaSecurityOf } from './settings/kafka-settings.js';
export { addressedTo, authenticatorOf } from './platform/message-authentication.js';
export { ErrorFilter } from './http/error.filter.js';
export { Check } from './checks/check.js';
export { Health } from './platform/health.js';
export { LoopingService } from './platform/looping-service.js';
export { plainAddress } from './http/plain-address.js';
export { RefusedCredentials } from './http/refused-credentials.js';
export {
  SelfChecks,
  type SelfCheckFinding,
  type SelfCheckResult,
} from './self-check/self-checks.js';
export { createLogger } from './start/logging.js';
export { isSamePersonName, personNameSkeletons } from './callers/person-name.js';
export { countOrderMismatch, OrderCheck } from './platform/order-check.js';
export type { Platform } from './platform/platform.js';
export { previewOf } from './start/preview.js';
export { watcher, type Violations, type WatchedSnapshot } from './invariants/invariant-watch.js';
export { PacedInvariants } from './invariants/paced-invariants.js';
export { createServiceApp, startService, type ServiceDefinition } from './start/start-service.js';
export {
  CONFIG,
  InjectConfig,
  InjectLogger,
  InjectMessageKeys,
  InjectPlatform,
  LOGGER,
  MESSAGE_KEYS,
} from './settings/tokens.js';
export type { TableGauge } from './metrics/table-gauges.js';
export type { Logger } from 'pino';
export { RefusedItems } from './audit/refused-items.js';
export { AuditKeys } from './settings/audit-keys.js';
export { Approvals, type Agreement, type Demand } from './approvals/approvals.js';
export { ServiceCredential } from './callers/service-credential.js';
export { readPrivateKey } from './callers/service-keys.js';
export { haltOnViolation } from './halt/halt-on-violation.js';
export { HaltEntity } from './halt/halt.entity.js';
export { HaltsController, ON_HALT_CHANGE, SCOPES_HALTED_HERE } from './halt/halts.controller.js';
export { HALT_ENDS, HaltLifts } from './halt/halt-lifts.js';
export { Halts, REMAINING_CAUSE, type RemainingCause } from './halt/halts.js';
export { HALT_SETTINGS, haltAtStart } from './halt/start-halted.js';
export { ofSubjectSql, openHalts, type HaltToOpen } from './halt/open-halts.js';
export { EndsWatch } from './halt/ends-watch.js';
export { type EndedTable, inForceSql, SealedEnds } from './halt/sealed-ends.js';
export { countForgedRecord } from './seals/forged-records.js';
export { RecordSeals, type SealedField } from './seals/record-seals.js';
export {
  PERMIT_SETTINGS,
  permitKeysMissing,
  type PermitSettings,
} from './permits/permit-settings.js';
export { Permits } from './permits/permits.js';
export { permitsCheck } from './self-check/permits.check.js';

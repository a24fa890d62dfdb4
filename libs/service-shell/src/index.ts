export { registerClockGauge } from './metrics/process-metrics.js';
export { startAtZero } from './metrics/start-at-zero.js';
export { SERVICE_RULES, SERVICE_SETTINGS, type ServiceConfig } from './settings/config.js';
export { KAFKA_SETTINGS, kafkaSecurityOf } from './settings/kafka-settings.js';
export {
  addressedTo,
  authenticatorOf,
  countOrderMismatch,
  OrderCheck,
} from './platform/message-authentication.js';
export { ErrorFilter } from './http/error.filter.js';
export { Check } from './checks/check.js';
export { Health } from './platform/health.js';
export { LoopingService } from './platform/maintenance.js';
export { BROWSER_HEADER } from './audit/claimed-browser.js';
export { ClientAddresses, isListed, TRUSTED_PROXIES } from './http/client-address.js';
export { RefusedCredentials } from './http/refused-credentials.js';
export {
  SelfChecks,
  type SelfCheckFinding,
  type SelfCheckResult,
} from './self-check/self-checks.js';
export { createLogger } from './start/logging.js';
export { isSamePersonName, personNameSkeletons } from './callers/people.js';
export type { Platform } from './platform/platform.js';
export { previewOf } from './start/platform.module.js';
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
export { RefusedItems } from './audit/audit.interceptor.js';
export { AuditLog } from './audit/audit-log.js';
export { AuditKeys } from './settings/audit-keys.js';
export { Inbox } from './inbox/inbox.js';
export { Approvals, type Agreement, type Demand } from './approvals/approvals.js';
export { ServiceCredential } from './callers/service-callers.js';
export { PasskeyRule } from './passkeys/passkey-rule.js';
export type { KnownPasskey, NamedPasskey, PasskeySource } from './passkeys/passkey-source.js';
export { readPrivateKey } from './callers/service-keys.js';
export {
  haltOnViolation,
  HALT_SETTINGS,
  haltAtStart,
  ofSubjectSql,
  openHalts,
  type HaltToOpen,
} from './halt/open-halts.js';
export { HaltEntity } from './halt/halt.entity.js';
export {
  HaltsController,
  ON_HALT_CHANGE,
  SCOPES_HALTED_HERE,
  Halts,
  REMAINING_CAUSE,
  type RemainingCause,
} from './halt/halts.controller.js';
export { HALT_ENDS, HaltLifts, EndsWatch } from './halt/halt-lifts.js';
export { type EndedTable, inForceSql, SealedEnds } from './halt/sealed-ends.js';
export { countForgedRecord, RecordSeals, type SealedField } from './seals/record-seals.js';
export {
  PERMIT_SETTINGS,
  permitKeysMissing,
  type PermitSettings,
  Permits,
} from './permits/permits.js';
export { permitsCheck } from './self-check/permits.check.js';

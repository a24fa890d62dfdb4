export { registerClockGauge } from './clock-gauge.js';
export { SERVICE_RULES, SERVICE_SETTINGS, type ServiceConfig } from './config.js';
export { ErrorFilter } from './error.filter.js';
export { Health, type ReadinessCheck } from './health.js';
export { RefusedCredentials } from './refused-credentials.js';
export { SelfChecks, type Finding, type Seen } from './self-check/self-checks.js';
export { httpAdapter } from './http-adapter.js';
export { createLogger } from './logging.js';
export { countOrderMismatch, OrderCheck } from './order-check.js';
export type { Platform } from './platform.js';
export { previewOf } from './preview.js';
export { watcher, type InvariantWatch, type Violations } from './invariant-watch.js';
export { PacedInvariants, type WatchedInvariants } from './paced-invariants.js';
export { createServiceApp, startService, type ServiceDefinition } from './start-service.js';
export {
  CONFIG,
  InjectConfig,
  InjectLogger,
  InjectMessageKeys,
  InjectPlatform,
  LOGGER,
  MESSAGE_KEYS,
} from './tokens.js';
export type { TableGauge } from './table-gauges.js';
export type { Logger } from 'pino';
export { AuditKeys } from './audit/audit-keys.js';
export { Approvals, type Agreement, type Demand } from './approvals/approvals.js';

export { BUILT_IN_BOUND, CONNECTOR_SETTINGS, honouredBy, type HonouredSettings } from './config.js';
export { CONNECTOR_ENTITIES } from './postgres/entities.js';
export { CONNECTOR_MIGRATIONS } from './postgres/migrations.js';
export { CONNECTOR_RETENTION } from './postgres/retention.js';
export { CONNECTOR_GAUGES } from './connector-gauges.js';
export { CONNECTOR_ADMIN_CONTROLLERS } from './admin/admin-controllers.js';
export { ConnectorEngine, type ConnectorOptions, type ConnectorParts } from './connector-engine.js';
export { RatePlan, type Reservation } from './rate/rate-plan.js';
export { withLanes, type RateRule, type RateRules } from './rate/rate-rules.js';
export { type VenueCommand } from './commands/command-handler.js';
export { VenueClock } from './clock/venue-clock.js';
export {
  TIME_UNKNOWN,
  timeOfAnswer,
  VenueHttp,
  type VenueAnswer,
  type VenueHttpOptions,
  type VenueRequest,
} from './http/venue-http.js';
export { type Logger } from '@sluice/background';

export { CONNECTOR_MIGRATIONS } from './postgres/connector-migrations.js';
export { ConnectorDoorsController } from './doors/connector-doors.controller.js';
export { ConnectorRuntime, type ConnectorOptions, type ConnectorParts } from './connector-runtime.js';
export { RatePlan, type Reservation } from './rate/rate-plan.js';
export { intervalUs, readRateRules, withLanes, type RateRule, type RateRules } from './rate/rate-rules.js';
export { type VenueCommand } from './intake/command-intake.js';
export { parseExact } from './http/parse-exact.js';
export { VenueHttp, type VenueAnswer, type VenueHttpOptions, type VenueRequest } from './http/venue-http.js';
export { type Logger } from './worker/loop.js';

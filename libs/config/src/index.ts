export { databaseUrl, isLoopback } from './database-url.js';
export { misspeltVariables } from './misspelt.js';
export { pemFile } from './pem-file.js';
export {
  ConfigError,
  readConfig,
  type ConfigOf,
  type Environment,
  type Given,
  type Rule,
} from './read-config.js';
export { Secret } from './secret.js';
export {
  atLeast,
  brokers,
  brokersOrNone,
  choice,
  flag,
  fromFile,
  json,
  key,
  list,
  port,
  positive,
  secretFile,
  setting,
  text,
  token,
  url,
  whole,
  wholeOrNull,
  type Setting,
} from './settings.js';
export { venueUrl } from './venue-url.js';

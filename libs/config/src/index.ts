export { ConfigError, readConfig, type ConfigOf, type Environment } from './read-config.js';
export { Secret } from './secret.js';
export {
  atLeast,
  choice,
  flag,
  fromFile,
  json,
  list,
  secret,
  secretFile,
  setting,
  text,
  url,
  whole,
  wholeOrNull,
  type Setting,
} from './settings.js';

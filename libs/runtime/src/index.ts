export { BackgroundLoop } from './background/background-loop.js';
export { Batcher } from './background/batcher.js';
export { causeOf, FaultLog } from './background/fault-log.js';
export { inHalves } from './background/in-halves.js';
export { type Logger } from './background/logger.js';
export { Patience } from './background/patience.js';
export { restAfterMs } from './background/rest-after.js';
export { patchKafkajsClock } from './clock/patch-kafkajs-clock.js';
export { monotonicMs, processTime } from './clock/process-clock.js';
export { RemoteClock, type ClockReading } from './clock/remote-clock.js';
export { constant, testValues } from './config/constant.js';
export { databaseUrl, isLoopback } from './config/database-url.js';
export { misspeltVariables } from './config/misspelt.js';
export { keyList } from './config/key-list.js';
export { pemFile } from './config/pem-file.js';
export {
  ConfigError,
  readConfig,
  type ConfigOf,
  type Environment,
  type RuleInput,
  type ConfigRule,
} from './config/read-config.js';
export { Secret } from './config/secret.js';
export {
  atLeast,
  brokers,
  brokersOrNone,
  choice,
  flag,
  fromFile,
  textOrFile,
  json,
  list,
  port,
  portOrNull,
  positive,
  secretFile,
  setting,
  text,
  token,
  url,
  whole,
  wholeOrNull,
  word,
  type Setting,
} from './config/settings.js';
export { addressElsewhere, listenAddress } from './config/listen-address.js';
export { venueUrl } from './config/venue-url.js';
export { crashAt } from './crash-point/crash-point.js';
export { callIssuer, type IssuerPath } from './outgoing/call-issuer.js';
export {
  outgoingProxyOf,
  PROXY_SETTINGS,
  proxyPasswordInFile,
  type OutgoingProxy,
  type ProxySettings,
} from './outgoing/outgoing-proxy.js';
export { tunnelConnector } from './outgoing/tunnel.js';

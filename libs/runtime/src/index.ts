export {
  BackgroundLoop,
  causeOf,
  FaultLog,
  type Logger,
  Patience,
} from './background/background-loop.js';
export { Batcher, inHalves, restAfterMs } from './background/batcher.js';
export { patchKafkajsClock } from './clock/patch-kafkajs-clock.js';
export { monotonicMs, processTime } from './clock/process-clock.js';
export { RemoteClock, type ClockReading } from './clock/remote-clock.js';
export { constant, testValues } from './config/constant.js';
export {
  databaseUrl,
  isLoopback,
  addressElsewhere,
  listenAddress,
  venueUrl,
} from './config/addresses.js';
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
export { crashAt } from './crash-point/crash-point.js';
export {
  callIssuer,
  issuerAgent,
  type IssuerPath,
  outgoingProxyOf,
  PROXY_SETTINGS,
  proxyPasswordInFile,
  type OutgoingProxy,
  type ProxySettings,
  tunnelConnector,
} from './outgoing/outgoing-proxy.js';

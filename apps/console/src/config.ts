import {
  addressElsewhere,
  isLoopback,
  readConfig,
  type Environment,
  type RuleInput,
} from '@sluice/runtime';
import { SERVICE_RULES } from '@sluice/service-shell';
import { CONSOLE_SETTINGS, type ConsoleConfig } from './settings/console-settings.js';

const DAY_MS = 86_400_000;

/** Throws a single ConfigError naming every fault. */
export const consoleConfig = (env: Environment = process.env): ConsoleConfig =>
  readConfig(env, CONSOLE_SETTINGS, [
    ...SERVICE_RULES,
    kafkaNamed,
    onePort,
    openToAll,
    plainOrigins,
    withoutOpenId,
    trustedAlone,
    endless,
    ({ config: { internalHost } }) => addressElsewhere('INTERNAL_HOST', internalHost),
  ]);

function kafkaNamed({ config: { brokers = [] } }: RuleInput<ConsoleConfig>): readonly string[] {
  return brokers.length > 0
    ? ['KAFKA_BROKERS must not be set: the console speaks to no Kafka']
    : [];
}

/** A free port is given by the system, and never twice. */
function onePort({ config: { port, internalPort } }: RuleInput<ConsoleConfig>): readonly string[] {
  return port !== undefined && port > 0 && port === internalPort
    ? ['INTERNAL_PORT must differ from PORT, which browsers reach']
    : [];
}

function openToAll({
  config: { nodeEnv, host, internalHost },
}: RuleInput<ConsoleConfig>): readonly string[] {
  if (nodeEnv !== 'production' || internalHost !== '' || host === undefined || isLoopback(host))
    return [];
  return [
    `INTERNAL_HOST is missing: with HOST=${host} the admin API would be open to wherever browsers are; name the address of the inner network, or ${host} where a firewall is before INTERNAL_PORT`,
  ];
}

/** Cookies and passkeys need TLS, except at `localhost`; the people's tokens need it between machines. */
function plainOrigins({
  config: { nodeEnv, consoleUrl = 'https://unread', services = {}, tlsElsewhere },
}: RuleInput<ConsoleConfig>): readonly string[] {
  const isProduction = nodeEnv === 'production';
  const { protocol, hostname } = new URL(consoleUrl);
  const isPlain = protocol === 'http:' && (isProduction || hostname !== 'localhost');
  const asked = isProduction && !tlsElsewhere ? Object.entries(services) : [];
  return [
    ...(isPlain
      ? ['CONSOLE_URL must begin with https://, or outside production with http://localhost']
      : []),
    ...asked
      .filter(([, url]) => url.startsWith('http:') && !isLoopback(new URL(url).hostname))
      .map(([name]) => `SERVICES: ${name} must begin with https:// in production`),
  ];
}

function withoutOpenId({ config: { oidcScopes } }: RuleInput<ConsoleConfig>): readonly string[] {
  return oidcScopes?.includes('openid') === false ? ['OIDC_SCOPES must contain openid'] : [];
}

/** The list is usually one for all services: a thief of the console would decide alone. */
function trustedAlone({
  config: { oidcClientId = '', clientsWithoutPasskey },
}: RuleInput<ConsoleConfig>): readonly string[] {
  return clientsWithoutPasskey?.includes(oidcClientId)
    ? [`CLIENTS_WITHOUT_PASSKEY must not contain ${oidcClientId}, the client of the console`]
    : [];
}

function endless({
  config: { sessionIdleMs = 1, sessionLifeMs = 1 },
}: RuleInput<ConsoleConfig>): readonly string[] {
  return [
    ...(sessionLifeMs > DAY_MS ? [`SESSION_LIFE_MS must be at most ${DAY_MS}, a day`] : []),
    ...(sessionIdleMs > sessionLifeMs ? ['SESSION_IDLE_MS must be at most SESSION_LIFE_MS'] : []),
  ];
}

import {
  addressElsewhere,
  isLoopback,
  readConfig,
  type Environment,
  type RuleInput,
} from '@sluice/runtime';
import { SERVICE_RULES } from '@sluice/service-shell';
import { INTAKE_SETTINGS, type IntakeConfig } from './settings/intake-settings.js';

/** Reads the settings. Throws a single ConfigError with all faults. */
export const intakeConfig = (env: Environment = process.env): IntakeConfig =>
  readConfig(env, INTAKE_SETTINGS, [
    ...SERVICE_RULES,
    onePort,
    openToAll,
    askedPlainly,
    ({ config: { internalHost } }) => addressElsewhere('INTERNAL_HOST', internalHost),
  ]);

type Settings = {
  readonly port: number;
  readonly internalPort: number;
  readonly nodeEnv: string;
  readonly host: string;
  readonly internalHost: string;
  readonly ledgerUrl: string;
  readonly webhooksUrl: string;
  readonly connectorEvmUrl: string;
  readonly tlsElsewhere: boolean;
};

/** A free port is given by the system, and never twice. */
function onePort({ config: { port, internalPort } }: RuleInput<Settings>): readonly string[] {
  return port !== undefined && port > 0 && port === internalPort
    ? ['INTERNAL_PORT must differ from PORT, which customers reach']
    : [];
}

/** Requires https in production: intake-api passes on balances and webhook secrets. */
function askedPlainly({
  config: { nodeEnv, ledgerUrl = '', webhooksUrl = '', connectorEvmUrl = '', tlsElsewhere },
}: RuleInput<Settings>): readonly string[] {
  if (nodeEnv !== 'production' || tlsElsewhere) return [];
  const asked = Object.entries({
    LEDGER_URL: ledgerUrl,
    WEBHOOKS_URL: webhooksUrl,
    CONNECTOR_EVM_URL: connectorEvmUrl,
  });
  return asked
    .filter(([, url]) => isPlain(url))
    .map(([name]) => `${name} must begin with https:// in production`);
}

/** Between machines. */
function isPlain(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !isLoopback(hostname);
}

function openToAll({
  config: { nodeEnv, host, internalHost },
}: RuleInput<Settings>): readonly string[] {
  if (nodeEnv !== 'production' || internalHost !== '' || host === undefined || isLoopback(host))
    return [];
  return [
    `INTERNAL_HOST is missing: with HOST=${host} the admin API would be open to wherever customers are; name the address of the inner network, or ${host} where a firewall is before INTERNAL_PORT`,
  ];
}

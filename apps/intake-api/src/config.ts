import {
  isLoopback,
  key,
  port,
  positive,
  readConfig,
  text,
  url,
  type Environment,
  type Given,
} from '@sluice/config';
import { SERVICE_RULES, SERVICE_SETTINGS } from '@sluice/service-shell';

export type IntakeConfig = ReturnType<typeof intakeConfig>;

/** Throws one ConfigError that names every fault. */
export const intakeConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...SERVICE_SETTINGS,
      internalPort: port('INTERNAL_PORT'),
      /** Where the admin API listens; empty: as HOST. */
      internalHost: text('INTERNAL_HOST', ''),
      ledgerUrl: url('LEDGER_URL'),
      /** Seals API secrets at rest: 32 bytes, base64; never stored in the database. */
      secretsKek: key('SECRETS_KEK'),
      holdTimeoutMs: positive('HOLD_TIMEOUT_MS', 8_000),
      /** Of this process, waiting for their holds; one more is refused at once. */
      maxPendingRequests: positive('MOST_UNDECIDED_REQUESTS', 4_000),
      /** Backstop before authentication, for each source address and process. */
      requestsPerMinutePerIp: positive('REQUESTS_PER_MINUTE_PER_IP', 300_000),
    },
    [...SERVICE_RULES, onePort, openToAll],
  );

type Settings = {
  readonly port: number;
  readonly internalPort: number;
  readonly nodeEnv: string;
  readonly host: string;
  readonly internalHost: string;
};

/** A free port is given by the system, and never twice. */
function onePort({ config: { port, internalPort } }: Given<Settings>): readonly string[] {
  return port !== undefined && port > 0 && port === internalPort
    ? ['INTERNAL_PORT must differ from PORT, which customers reach']
    : [];
}

function openToAll({
  config: { nodeEnv, host, internalHost },
}: Given<Settings>): readonly string[] {
  if (nodeEnv !== 'production' || internalHost !== '' || host === undefined || isLoopback(host))
    return [];
  return [
    `INTERNAL_HOST is missing: with HOST=${host} the admin API would be open to wherever customers are; name the address of the inner network, or ${host} where a firewall is before INTERNAL_PORT`,
  ];
}

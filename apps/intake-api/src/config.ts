import { isIpRule } from '@sluice/admin-api';
import { readPrivateKey } from '@sluice/callers';
import { readCeilings, readUnitWorths } from '@sluice/ceilings';
import {
  isLoopback,
  json,
  key,
  port,
  positive,
  readConfig,
  Secret,
  secretFile,
  setting,
  text,
  url,
  type Environment,
  type Given,
} from '@sluice/config';
import { HALT_SETTINGS } from '@sluice/halt';
import { SERVICE_RULES, SERVICE_SETTINGS } from '@sluice/service-shell';

export type IntakeConfig = ReturnType<typeof intakeConfig>;

/** Throws one ConfigError that names every fault. */
export const intakeConfig = (env: Environment = process.env) =>
  readConfig(
    env,
    {
      ...SERVICE_SETTINGS,
      ...HALT_SETTINGS,
      internalPort: port('INTERNAL_PORT'),
      /** Where the admin API listens; empty: as HOST. */
      internalHost: text('INTERNAL_HOST', ''),
      ledgerUrl: url('LEDGER_URL'),
      /** Empty: customers manage no webhooks here. */
      webhooksUrl: url('WEBHOOKS_URL', ''),
      /** Empty: no transfer of our own wallet is tried before its hold. */
      connectorEvmUrl: url('CONNECTOR_EVM_URL', ''),
      /** Signs what other services are asked. */
      serviceKey: secretFile('SERVICE_KEY', {
        fileInProduction: true,
        parse: (value) => (readPrivateKey(value), value),
      }),
      /** Seals API secrets at rest: 32 bytes, base64; never stored in the database. */
      secretsKek: key('SECRETS_KEK'),
      /** What was sealed by these opens as well, while one takes the place of another. */
      otherSecretsKeks: secretFile(
        'OTHER_SECRETS_KEKS',
        { fileInProduction: true },
        new Secret(''),
      ),
      /** Our references at venues are made with it; empty: with the key above. */
      venueReferencesKey: secretFile(
        'VENUE_REFERENCES_KEY',
        { fileInProduction: true },
        new Secret(''),
      ),
      holdTimeoutMs: positive('HOLD_TIMEOUT_MS', 8_000),
      /** Of this process, waiting for their holds; one more is refused at once. */
      maxPendingRequests: positive('MOST_UNDECIDED_REQUESTS', 4_000),
      /** An account that has had money sent to more new addresses within an hour is halted. */
      newAddressesPerHour: positive('NEW_ADDRESSES_PER_HOUR', 100_000),
      /** The firm's own account: its keys list the top-ups of wallets that pay every account. Empty: nobody's do. */
      operatorsAccount: setting('OPERATORS_ACCOUNT', accountId, ''),
      /** What could never be sent by one call is refused before anything is held. */
      ceilings: json('CEILINGS', readCeilings, {}),
      /** What coins and tokens of our own wallet are worth that no release has ceilings of. */
      unitWorths: json('UNIT_WORTH_EUR', readUnitWorths, {}),
      /** Proxies of ours, whose word on where a request comes from is believed. */
      trustedProxies: setting('TRUSTED_PROXIES', ipRules, []),
      /** Backstop before authentication, for each source address and process. */
      requestsPerMinutePerIp: positive('REQUESTS_PER_MINUTE_PER_IP', 6_000),
    },
    [...SERVICE_RULES, onePort, openToAll, askedPlainly],
  );

function accountId(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text))
    throw new Error('must be the id of an account: a UUID in lower case');
  return text;
}

function ipRules(text: string): readonly string[] {
  const rules = text.split(',').map((rule) => rule.trim());
  if (!rules.every(isIpRule))
    throw new Error('must be addresses or ranges of at most /8 (IPv6: /16), with commas between');
  return rules;
}

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
function onePort({ config: { port, internalPort } }: Given<Settings>): readonly string[] {
  return port !== undefined && port > 0 && port === internalPort
    ? ['INTERNAL_PORT must differ from PORT, which customers reach']
    : [];
}

/** intake-api passes answers of these services on as balances, as secrets that verify webhooks, or as refusals. */
function askedPlainly({
  config: { nodeEnv, ledgerUrl = '', webhooksUrl = '', connectorEvmUrl = '', tlsElsewhere },
}: Given<Settings>): readonly string[] {
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
}: Given<Settings>): readonly string[] {
  if (nodeEnv !== 'production' || internalHost !== '' || host === undefined || isLoopback(host))
    return [];
  return [
    `INTERNAL_HOST is missing: with HOST=${host} the admin API would be open to wherever customers are; name the address of the inner network, or ${host} where a firewall is before INTERNAL_PORT`,
  ];
}

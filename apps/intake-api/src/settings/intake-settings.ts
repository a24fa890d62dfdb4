import { EventSigningKey, eventPublicKey, type EventPublicKey } from '@sluice/signing';
import {
  HALT_SETTINGS,
  readPrivateKey,
  SERVICE_SETTINGS,
  TRUSTED_PROXIES,
} from '@sluice/service-shell';
import { readCeilings, readUnitWorths } from '@sluice/kernel';
import {
  constant,
  fromFile,
  json,
  keyList,
  listenAddress,
  port,
  positive,
  Secret,
  secretFile,
  setting,
  textOrFile,
  url,
  type ConfigOf,
} from '@sluice/runtime';

export type IntakeConfig = ConfigOf<typeof INTAKE_SETTINGS>;

/** Settings of intake-api. `../config.ts` reads them, and has the rules that hold between them. */
export const INTAKE_SETTINGS = {
  ...SERVICE_SETTINGS,
  ...HALT_SETTINGS,
  internalPort: port('INTERNAL_PORT'),
  /** Listen address of the admin API. Empty: same as HOST. */
  internalHost: listenAddress('INTERNAL_HOST', ''),
  ledgerUrl: url('LEDGER_URL'),
  /** Empty: customers cannot manage webhooks. */
  webhooksUrl: url('WEBHOOKS_URL', ''),
  /** Empty: transfers of our own wallet are not simulated before the hold. */
  connectorEvmUrl: url('CONNECTOR_EVM_URL', ''),
  /** Private key used to sign requests to other services. */
  serviceKey: secretFile('SERVICE_KEY', {
    fileInProduction: true,
    parse: (value) => (readPrivateKey(value), value),
  }),
  /** Seal and open API secrets at rest; never stored in the database. */
  secretsKeks: keyList('SECRETS_KEK'),
  /** Key used to derive our references at venues. Default: the first key above. */
  venueReferencesKey: secretFile(
    'VENUE_REFERENCES_KEY',
    { fileInProduction: true },
    new Secret(''),
  ),
  /** Ed25519 key that signs withdrawal.events: a seed of 32 bytes in base64. */
  eventsSigningKey: fromFile('EVENTS_SIGNING_KEY', (value) => EventSigningKey.parse(value)),
  /**
   * Further public keys of events during a rotation: 32 bytes in base64 each, separated by blanks.
   */
  eventsPublicKeys: textOrFile('EVENTS_PUBLIC_KEYS', publicKeys, []),
  /**
   * Longest wait for the hold and our wallet's broadcast, before a 504; below clients' timeouts.
   */
  holdTimeoutMs: constant(8_000),
  /** Most requests waiting for a hold in this process; a further request is refused at once. */
  maxPendingRequests: constant(4_000),
  /** An account paying more new addresses within an hour is halted. */
  newAddressesPerHour: positive('NEW_ADDRESSES_PER_HOUR', 50),
  /** Account allowed to list gas top-ups of shared wallets; default: none. */
  operatorsAccount: setting('OPERATORS_ACCOUNT', accountId, ''),
  /** Ceilings per call, checked before a hold is placed. */
  ceilings: json('CEILINGS', readCeilings, {}),
  /** Value in EUR of our wallet's coins and tokens without a ceiling in the release. */
  unitWorths: json('UNIT_WORTH_EUR', readUnitWorths, {}),
  trustedProxies: TRUSTED_PROXIES,
  /** Backstop before authentication, for each source address and process. */
  requestsPerMinutePerIp: positive('REQUESTS_PER_MINUTE_PER_IP', 6_000),
} as const;

function publicKeys(text: string): readonly EventPublicKey[] {
  return text.split(/\s+/).filter(Boolean).map(eventPublicKey);
}

function accountId(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text))
    throw new Error('must be the id of an account: a UUID in lower case');
  return text;
}

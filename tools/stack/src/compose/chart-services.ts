import { isSecretVariable } from '../tables/credentials.js';
import {
  callersOf,
  CALLING_NAMES,
  SERVICE_NAMES,
  specOf,
  type ServiceName,
} from '../tables/services.js';
import {
  isSimulated,
  SIMULATED_NAMES,
  simulatedOf,
  venueOf,
  venueOfConnector,
} from '../tables/venues.js';

/** Port of the first simulated venue; the others follow. */
const SIMULATOR_PORT = 8080;

/** Secrets of every service in production. */
const SECRETS = ['AUDIT_KEY', 'DATABASE_URL', 'MESSAGE_KEYS', 'METRICS_TOKEN'];
/** Additional secrets of services using Kafka. */
const OF_KAFKA = ['KAFKA_PASSWORD'];
/** Optional secrets: a venue works without them. */
const OPTIONAL = /_PUBLIC_KEY$/;

/** Secrets and settings of each key store for the wallet's keys, by SIGNER_KEY_STORE. */
const KEY_STORES = {
  file: { isForDevelopment: true, secrets: ['SIGNER_KEYS', 'SIGNER_KEYS_KEK'], settings: [] },
  pkcs11: {
    isForDevelopment: false,
    secrets: ['PKCS11_PIN'],
    settings: ['PKCS11_MODULE', 'PKCS11_TOKEN'],
  },
};

/** Returns the data of each service for the chart, from the tables of services and venues. */
export function chartServices(): string {
  const entries = SERVICE_NAMES.map((name) => [name, chartService(name)]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

/** Returns the ports of the simulated venues for the chart, in the order of the venues. */
export function chartSimulators(): string {
  const places = SIMULATED_NAMES.map((venue, index) => ({ venue, port: SIMULATOR_PORT + index }));
  return `${JSON.stringify(places, null, 2)}\n`;
}

function chartService(name: ServiceName): object {
  const {
    database,
    isPublic = false,
    callsCustomers = false,
    isolated = false,
    readsChains = false,
    keepsWalletKeys = false,
    auditsVenues = false,
    verifiesEvents = false,
    needsPermits = false,
    onlyWith,
    needs = {},
    asks,
    secrets = {},
  } = specOf(name);
  const venue = venueOfConnector(name);
  const credentials =
    venue && isSimulated(venue) ? Object.keys(simulatedOf(venue).credentials) : [];
  return {
    ...(venue && { venue }),
    ...(onlyWith !== undefined && { onlyWith }),
    ...(venue && venueOf(venue).isChains && { callsNodes: true }),
    database,
    isPublic,
    callsCustomers,
    isolated,
    ...(auditsVenues && { auditsVenues }),
    needs,
    ...(asks && { asks }),
    secrets: [
      ...SECRETS,
      ...(isolated ? [] : OF_KAFKA),
      ...(readsChains ? ['EVM_CHAINS'] : []),
      ...(verifiesEvents ? ['EVENTS_PUBLIC_KEYS'] : []),
      ...(needsPermits ? ['AUDITOR_PUBLIC_KEYS'] : []),
      ...Object.keys(secrets),
      ...(CALLING_NAMES.some((one) => one === name) ? ['SERVICE_KEY'] : []),
      ...(callersOf(name).length > 0 ? ['SERVICE_CALLERS'] : []),
      ...credentials.filter(isSecretVariable),
    ].toSorted(),
    settings: credentials.filter((one) => !isSecretVariable(one) && !OPTIONAL.test(one)),
    ...(keepsWalletKeys && { keyStores: KEY_STORES }),
  };
}

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import {
  CONSOLE_MACHINE_URL,
  ISSUER_MACHINE_PORT,
  SIMULATOR_MACHINE_PORT,
  composeFile,
} from './compose-file.js';
import { databasesScript } from './compose-parts.js';
import {
  CALLING_NAMES,
  SERVICE_NAMES,
  callersOf,
  specOf,
  type ServiceName,
} from '../tables/services.js';
import { endpointOf } from '../layout/run-file.js';
import {
  SIMULATED_NAMES,
  isSimulated,
  simulatedOf,
  venueOf,
  venueOfConnector,
} from '../tables/venues.js';
import { CHAINS_PORT } from '../chains/composed-chains.js';
import { isSecretVariable } from '../tables/credentials.js';

/** Path of the chart. Helm reads no files outside the chart's folder. */
const CHART = 'deploy/helm/sluice';
const ALERTS = 'deploy/prometheus/alerts.yaml';
const DASHBOARDS = 'deploy/grafana';
const TEMPLATE = 'tools/stack/compose/docker-compose.template.yml';

/**
 * Returns the files generated from the tables of services, venues and topics for containers and the
 * chart, by path.
 */
export function composeFiles(): ReadonlyMap<string, string> {
  const template = textOf(TEMPLATE);
  return new Map([
    ['docker-compose.yml', composeFile(template)],
    ['tools/stack/compose/addresses.json', composeAddresses()],
    ['tools/stack/compose/databases.sh', databasesScript()],
    [`${CHART}/files/services.json`, chartServices()],
    [`${CHART}/files/simulators.json`, chartSimulators()],
    [`${CHART}/files/alerts.yaml`, textOf(ALERTS)],
    ...readdirSync(join(workspaceRoot(), DASHBOARDS)).map(
      (file) => [`${CHART}/files/dashboards/${file}`, textOf(`${DASHBOARDS}/${file}`)] as const,
    ),
  ]);
}

function textOf(file: string): string {
  return readFileSync(join(workspaceRoot(), file), 'utf8');
}

/**
 * Returns the addresses of the composed stack on this machine, in the format of a run file without
 * people. `chains_url` answers with the chains.
 */
function composeAddresses(): string {
  const admin = SERVICE_NAMES.map((name) => {
    const { isPublic, machinePort } = specOf(name);
    return [endpointOf(name), urlOf(isPublic ? machinePort + 1 : machinePort)];
  });
  const simulators = SIMULATED_NAMES.map((venue, at) => [
    venue,
    urlOf(SIMULATOR_MACHINE_PORT + at),
  ]);
  const addresses = {
    intake_url: urlOf(specOf('intake-api').machinePort),
    webhooks_url: urlOf(specOf('webhooks').machinePort),
    console_url: CONSOLE_MACHINE_URL,
    kafka_brokers: [],
    databases: {},
    processes: {},
    simulators: Object.fromEntries(simulators) as object,
    internal: Object.fromEntries(admin) as object,
    chains_url: urlOf(CHAINS_PORT),
    issuer: { token_url: `${urlOf(ISSUER_MACHINE_PORT)}/token` },
  };
  return `${JSON.stringify(addresses, null, 2)}\n`;
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

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
function chartServices(): string {
  const entries = SERVICE_NAMES.map((name) => [name, chartService(name)]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

/** Returns the ports of the simulated venues for the chart, in the order of the venues. */
function chartSimulators(): string {
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
    callsAll = false,
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
    ...(callsAll && { callsAll }),
    needs,
    ...(asks && { asks }),
    secrets: [
      ...SECRETS,
      ...(isolated ? [] : OF_KAFKA),
      ...(readsChains ? ['EVM_CHAINS'] : []),
      ...(callsAll ? ['OIDC_CLIENT_SECRET'] : []),
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

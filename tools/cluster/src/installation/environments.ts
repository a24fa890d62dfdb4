import { createHash, createPrivateKey, randomBytes } from 'node:crypto';
import {
  SERVICE_NAMES,
  SIMULATED_NAMES,
  connectorEnvironment,
  connectorOf,
  contextOf,
  databaseUrl,
  isSecretVariable,
  ofEach,
  serviceEnvironment,
  simulatedOf,
  type Environment,
  type ServiceName,
  type SimulatedName,
} from '@sluice/stack';
import { venueApiUrl, type Servers } from './servers.js';

/** Mount paths of the CA files in the chart. */
export const POSTGRES_CA = '/ca/postgres/ca.pem';
export const KAFKA_CA = '/ca/kafka/ca.pem';
export const AUDITOR = 'auditor';

/** Variables with which the auditor reads the simulated venues and the chains. */
const AUDIT_VARIABLES = [
  'AUDITOR_EVM_CHAINS',
  ...SIMULATED_NAMES.flatMap((venue) => {
    const { audit } = simulatedOf(venue);
    return audit ? [audit.address, ...Object.keys(audit.keys)] : [];
  }),
];
export const AUDIT_SECRETS = AUDIT_VARIABLES.filter(isSecretVariable);
export const AUDIT_SETTINGS = AUDIT_VARIABLES.filter((name) => !isSecretVariable(name));

/**
 * Environment of each service like in a local stack, but with addresses for pods.
 * The chart's secrets and values are taken from this environment.
 */
export function environmentsOf(servers: Servers): Readonly<Record<ServiceName, Environment>> {
  const { host, ports, secrets, issuer } = servers;
  const place = { host, port: ports.postgres, caFile: POSTGRES_CA };
  const context = contextOf(
    { ...servers, tls: null }, // the chart sets the paths of certificates
    {
      brokers: [`${host}:${ports.kafka}`],
      kafkaAsksLogins: true,
      databases: ofEach(SERVICE_NAMES, (name) => databaseUrl(name, secrets, place)),
      issuer: issuer.url,
      consoleSecret: issuer.consoleSecret,
      logLevel: 'info',
    },
  );
  return ofEach(SERVICE_NAMES, (name) => ({
    ...environmentOf(context, name, servers),
    METRICS_TOKEN: randomBytes(32).toString('hex'),
  }));
}

function environmentOf(
  context: ReturnType<typeof contextOf>,
  name: ServiceName,
  servers: Servers,
): Environment {
  const venue = SIMULATED_NAMES.find((one) => connectorOf(one) === name);
  if (venue !== undefined) {
    const credentials = { ...simulatedKeysOf(venue), base_url: venueApiUrl(servers, venue) };
    return connectorEnvironment(context, venue, credentials, 'fast');
  }
  const environment = serviceEnvironment(context, name);
  return name === AUDITOR ? { ...environment, ...addressesOfVenues(servers) } : environment;
}

/** Addresses of the venues in the auditor's environment. */
function addressesOfVenues(servers: Servers): Environment {
  return Object.fromEntries(
    SIMULATED_NAMES.flatMap((venue) => {
      const { audit } = simulatedOf(venue);
      return audit ? [[audit.address, venueApiUrl(servers, venue)]] : [];
    }),
  );
}

/** Credentials of the simulator for this venue, known before the simulator starts. */
function simulatedKeysOf(venue: SimulatedName): Readonly<Record<string, string>> {
  const { simulatedKeys } = simulatedOf(venue);
  return 'private_key' in simulatedKeys
    ? { ...simulatedKeys, private_key: privateKeyOf(venue) }
    : simulatedKeys;
}

/**
 * Ed25519 key of the main client at the simulated venue. The simulator derives the same key; the
 * key gives access to no other system.
 */
function privateKeyOf(venue: SimulatedName): string {
  const seed = createHash('sha256').update(`simulated ${venue} key main`).digest();
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

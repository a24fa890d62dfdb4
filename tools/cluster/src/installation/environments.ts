import { randomBytes } from 'node:crypto';
import {
  connectorEnvironment,
  connectorOf,
  contextOf,
  databaseUrl,
  ofEach,
  SERVICE_NAMES,
  serviceEnvironment,
  SIMULATED_NAMES,
  simulatedOf,
  type Environment,
  type ServiceName,
} from '@sluice/stack';
import type { Servers } from './servers.js';
import { simulatedKeysOf } from './simulated-keys.js';

/** Mount paths of the CA files in the chart. */
export const POSTGRES_CA = '/ca/postgres/ca.pem';
export const KAFKA_CA = '/ca/kafka/ca.pem';
const SIMULATOR_PORT = 8080;

/**
 * Environment of each service like in a local stack, but with addresses for pods of the release.
 * The chart's secrets and values are taken from this environment.
 */
export function environmentsOf(
  servers: Servers,
  release: string,
): Readonly<Record<ServiceName, Environment>> {
  const { host, ports, secrets, issuer } = servers;
  const place = { host, port: ports.postgres, caFile: POSTGRES_CA };
  const context = contextOf(
    { ...servers, tls: null }, // the chart sets the paths of certificates
    {
      brokers: [`${host}:${ports.kafka}`],
      kafkaAsksLogins: true,
      databases: ofEach(SERVICE_NAMES, (name) => databaseUrl(name, secrets, place)),
      issuer: issuer.url,
      logLevel: 'info',
    },
  );
  return ofEach(SERVICE_NAMES, (name) => ({
    ...environmentOf(context, name, release),
    METRICS_TOKEN: randomBytes(32).toString('hex'),
  }));
}

function environmentOf(
  context: ReturnType<typeof contextOf>,
  name: ServiceName,
  release: string,
): Environment {
  const number = SIMULATED_NAMES.findIndex((one) => connectorOf(one) === name);
  const venue = SIMULATED_NAMES[number];
  if (venue === undefined) return serviceEnvironment(context, name);
  const base = `http://${release}-venue-simulator:${SIMULATOR_PORT + number}`;
  const credentials = {
    ...simulatedKeysOf(venue),
    base_url: `${base}${simulatedOf(venue).basePath ?? ''}`,
  };
  return connectorEnvironment(context, venue, credentials, 'fast');
}

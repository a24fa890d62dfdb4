import {
  endpointOf,
  ofEach,
  SERVICE_NAMES,
  specOf,
  SIMULATED_NAMES,
  type RunFile,
  type ServiceName,
} from '@sluice/stack';
import type { ServicePort, Reach } from './reach.js';
import { simulatorUrl, type Servers } from './servers.js';

/**
 * Services reachable for the tours. The signer is excluded: only connector-evm connects to the
 * signer.
 */
const REACHED = SERVICE_NAMES.filter((name) => !specOf(name).isolated);

/** Every Service used by a tour from outside the cluster. */
export function servicePortsOf(release: string): readonly ServicePort[] {
  return [
    { service: `${release}-intake-api`, port: 8080 },
    ...REACHED.map((name) => adminPort(release, name)),
  ];
}

/** Builds the run file for `npm start -- --at FILE` and the operator command. */
export function runFileOf(reach: Reach, servers: Servers, release: string): RunFile {
  const { caFile, issuer, host, ports, chains } = servers;
  const urlOf = ({ service, port }: ServicePort): string => `https://${reach.of(service, port)}`;
  const internal = ofEach(REACHED, (name) => urlOf(adminPort(release, name)));
  return {
    intake_url: urlOf({ service: `${release}-intake-api`, port: 8080 }),
    webhooks_url: internal.webhooks,
    ca_file: caFile,
    kafka_brokers: [`${host}:${ports.kafka}`],
    databases: ofEach(SERVICE_NAMES, () => ''),
    processes: {},
    simulators: Object.fromEntries(
      SIMULATED_NAMES.map((venue) => [venue, simulatorUrl(servers, venue)]),
    ) as RunFile['simulators'],
    internal: Object.fromEntries(
      REACHED.map((name) => [endpointOf(name), internal[name]]),
    ) as RunFile['internal'],
    chains,
    issuer: { token_url: issuer.tokenUrl, people: issuer.people },
  };
}

function adminPort(release: string, name: ServiceName): ServicePort {
  return specOf(name).isPublic
    ? { service: `${release}-${name}-admin`, port: 8081 }
    : { service: `${release}-${name}`, port: 8080 };
}

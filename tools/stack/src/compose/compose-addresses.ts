import { SERVICE_NAMES, specOf } from '../tables/services.js';
import { endpointOf } from '../layout/run-file.js';
import { SIMULATED_NAMES } from '../tables/venues.js';
import { CHAINS_PORT } from '../chains/composed-chains.js';
import { ISSUER_MACHINE_PORT, SIMULATOR_MACHINE_PORT } from './compose-file.js';

/**
 * Returns the addresses of the composed stack on this machine, in the format of a run file without
 * people. `chains_url` answers with the chains.
 */
export function composeAddresses(): string {
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

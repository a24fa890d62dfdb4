import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { chartServices, chartSimulators } from './chart-services.js';
import { ISSUER_MACHINE_PORT, SIMULATOR_MACHINE_PORT, composeFile } from './compose-file.js';
import { databasesScript } from './compose-parts.js';
import { SERVICE_NAMES, specOf } from '../tables/services.js';
import { endpointOf } from '../layout/run-file.js';
import { SIMULATED_NAMES } from '../tables/venues.js';
import { CHAINS_PORT } from '../chains/composed-chains.js';

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

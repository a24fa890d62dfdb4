import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { chartServices, chartSimulators } from './chart-services.js';
import { composeAddresses } from './compose-addresses.js';
import { composeFile } from './compose-file.js';
import { databasesScript } from './compose-scripts.js';

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

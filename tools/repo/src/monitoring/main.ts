import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AdminClients, connectorOf, FIRST_VENUE, startSystem } from '@sluice/stack';
import { newDataFolder } from '@sluice/test-servers';
import { monitoringConfig } from './config.js';
import { findPromtool, type PromtoolResult, type Promtool } from './promtool.js';
import { ALERTS, ALERT_TESTS, dashboardQueries } from './queries.js';

/** Exit code if promtool is not available. */
const CANNOT = 3;

async function main(): Promise<number> {
  const promtool = findPromtool(monitoringConfig().promtool);
  if (promtool === null) {
    console.error('promtool is missing: set PROMTOOL, or install Go to build promtool');
    return CANNOT;
  }
  const folder = newDataFolder('sluice-monitoring-');
  try {
    const checks = [
      said('alert rules', promtool.ask(['check', 'rules', ALERTS])),
      said('tests of alerts', promtool.ask(['test', 'rules', ALERT_TESTS])),
      said('queries of dashboards', promtool.ask(['check', 'rules', writeQueries(folder)])),
      ...(await checkExposed(promtool, folder)),
    ];
    return checks.every((ok) => ok) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the queries as recording rules for promtool. */
function writeQueries(folder: string): string {
  const rules = dashboardQueries().map(({ expr }, index) => ({ record: `query:${index}`, expr }));
  const file = join(folder, 'dashboards.yaml');
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboards', rules }] }));
  return file;
}

async function checkExposed(promtool: Promtool, folder: string): Promise<readonly boolean[]> {
  const system = await startSystem({ home: folder, venues: [FIRST_VENUE], logLevel: 'warn' });
  try {
    const admin = new AdminClients(() => system.run);
    const services = {
      'intake-api': admin.intake,
      ledger: admin.ledger,
      [connectorOf(FIRST_VENUE)]: admin.connector(FIRST_VENUE),
    };
    return await Promise.all(
      Object.entries(services).map(async ([service, client]) =>
        said(`metrics of ${service}`, promtool.ask(['check', 'metrics'], await client.metrics())),
      ),
    );
  } finally {
    await system.stop();
  }
}

function said(what: string, { ok, out }: PromtoolResult): boolean {
  console.log(ok ? `✓ ${what}` : `✗ ${what}\n${out}`);
  return ok;
}

process.exitCode = await main();

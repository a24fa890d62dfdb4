import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectorConfig } from '@sluice/connector-engine';
import { connectorOf } from '@sluice/messages';
import { SimulatorControl } from '@sluice/test-kit';
import type { ConnectorKit } from './connector-kit.js';
import { TestConnector } from './test-connector.js';
import type { ContractOrder } from './venue-adapter-contract.js';

const APPS = join(import.meta.dirname, '..', '..', '..', 'apps');

/** Main function of `testing/killed-connector.ts`: submits an order and runs until killed. */
export async function killedConnectorMain<Config extends ConnectorConfig>(
  kit: ConnectorKit<Config>,
): Promise<void> {
  const { DATABASE_URL = '', SIMULATOR_URL = '', ORDER = '' } = process.env;
  const connector = await TestConnector.start(
    kit,
    DATABASE_URL,
    new SimulatorControl(SIMULATOR_URL),
  );
  await connector.submit([JSON.parse(ORDER) as ContractOrder]);
}

/** Starts the process and waits until killed. Results are in the database and the venue's book. */
export async function runUntilKilled(
  venue: string,
  {
    point,
    order,
    database,
    simulator,
  }: { point: string; order: ContractOrder; database: string; simulator: string },
): Promise<void> {
  const script = join(APPS, connectorOf(venue), 'dist', 'testing', 'killed-connector.js');
  if (!existsSync(script)) throw new Error(`build first: nx run ${connectorOf(venue)}:build`);
  const env = {
    ...process.env,
    FAULT_AT: point,
    DATABASE_URL: database,
    SIMULATOR_URL: simulator,
    ORDER: JSON.stringify(order),
  };
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
}

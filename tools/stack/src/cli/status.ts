import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockHolder } from '@sluice/test-servers';
import { layoutOf } from '../layout/layout.js';
import { CONSOLE, SERVICE_NAMES, type ServiceName } from '../tables/services.js';
import {
  BROKER_NAMES,
  endpointOf,
  readRunFile,
  type ProcessName,
  type RunFile,
} from '../layout/run-file.js';
import { SIMULATED_NAMES } from '../tables/venues.js';
import { endOrphans } from '../system/process-table.js';

interface StackStatus {
  readonly running: boolean;
  readonly supervisor?: number;
  readonly run?: RunFile;
}

export function stackStatus(home: string): StackStatus {
  const layout = layoutOf(home);
  const supervisor = lockHolder(layout.lock);
  if (supervisor === undefined) return { running: false };
  const run = readRunFile(layout.run);
  return { running: true, supervisor, ...(run && { run }) };
}

/** The status as lines for a person; secrets stay in the file. */
export function describeStatus({ running, supervisor, run }: StackStatus): string {
  if (!running) return 'not running';
  if (!run) return `starting (pid ${supervisor})`;
  const simulators = SIMULATED_NAMES.flatMap((venue) => run.simulators[venue] ?? []);
  const places: [ProcessName, string | undefined][] = [
    ...SERVICE_NAMES.map((name): [ProcessName, string | undefined] => [name, placeOf(name, run)]),
    ['venue-simulator', simulators.join(' ')],
    ...BROKER_NAMES.map((name, index): [ProcessName, string | undefined] => [
      name,
      run.kafka_brokers[index],
    ]),
    ['postgres', new URL(run.databases.ledger).host],
  ];
  const known = places.filter(([, place]) => place !== undefined);
  return known
    .map(([name, place]) => `${name.padEnd(19)}${pidText(run, name).padEnd(14)}${place}`)
    .join('\n');
}

/** Address for the users of a service, or of its admin API. */
function placeOf(name: ServiceName, run: RunFile): string | undefined {
  if (name === 'intake-api') return run.intake_url;
  return name === CONSOLE ? run.console_url : run.internal[endpointOf(name)];
}

function pidText(run: RunFile, name: ProcessName): string {
  const pid = run.processes[name];
  return pid === undefined ? '-' : `pid ${pid}`;
}

/** Downloaded once and the same for every start: no data. */
const KEPT = new Set(['kafka-lib']);

/**
 * Deletes the content of a data folder. Ends all processes of an earlier start on the folder first.
 */
export async function resetData(home: string): Promise<void> {
  if (!existsSync(home)) return;
  await endOrphans(layoutOf(home).processes);
  for (const entry of readdirSync(home)) {
    if (!KEPT.has(entry)) rmSync(join(home, entry), { recursive: true, force: true });
  }
}

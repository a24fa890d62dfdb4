import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SIMULATED_NAMES, type SimulatedName } from '@sluice/stack';
import { SimulatorControl } from '@sluice/test-kit';
import { workspaceRoot } from '@sluice/test-servers';

const MAIN = join(workspaceRoot(), 'apps/venue-simulator/dist/main.js');

/** All venues in a single process, each with a control API. */
export interface Simulators {
  of(venue: SimulatedName): SimulatorControl;
  stop(): Promise<void>;
}

/** Starts the simulators like `npm run simulator -- all`. Throws if the simulators do not start. */
export async function startSimulators(): Promise<Simulators> {
  const data = mkdtempSync(join(tmpdir(), 'sluice-clients-books-'));
  const child = spawn(process.execPath, [MAIN, 'all', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const found = new Map<string, SimulatorControl>();
  for await (const line of createInterface({ input: child.stdout })) {
    const [, venue, url] = /^(\w+) simulator on (http:\S+)$/.exec(line) ?? [];
    if (venue !== undefined && url !== undefined) found.set(venue, new SimulatorControl(url));
    if (found.size === SIMULATED_NAMES.length) break;
  }
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  if (found.size === SIMULATED_NAMES.length)
    return { of: (venue) => controlOf(found, venue), stop };
  await stop();
  throw new Error('the simulators did not start');
}

function controlOf(
  found: ReadonlyMap<string, SimulatorControl>,
  venue: SimulatedName,
): SimulatorControl {
  const control = found.get(venue);
  if (!control) throw new Error(`no simulator of ${venue}`);
  return control;
}

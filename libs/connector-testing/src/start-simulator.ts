import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatorControl } from '@sluice/test-kit';

export interface RunningSimulator {
  readonly control: SimulatorControl;
  stop(): Promise<void>;
}

const MAIN = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'apps',
  'venue-simulator',
  'dist',
  'main.js',
);

/**
 * Starts the real simulator in a separate process with a separate book. Throws if the simulator is
 * not built or does not know the venue.
 */
export async function startSimulator(venue: string): Promise<RunningSimulator> {
  if (!existsSync(MAIN))
    throw new Error('the simulator is not built: nx run venue-simulator:build');
  const data = mkdtempSync(join(tmpdir(), `sluice-${venue}-`));
  const child = spawn(process.execPath, [MAIN, venue, '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  const url = await new Promise<string | null>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const found = /on (http:\S+)/.exec(chunk.toString());
      if (found?.[1]) resolve(found[1]);
    });
    void ended.then(() => resolve(null));
  });
  if (url !== null) return { control: new SimulatorControl(url), stop };
  await stop();
  throw new Error(
    `the simulator of ${venue} is missing or has ended at once; fill in apps/venue-simulator/src/${venue}: ${reasonIn(complaint)}`,
  );
}

function reasonIn(complaint: string): string {
  return /^\w*Error: .*$/m.exec(complaint)?.[0] ?? complaint.trim();
}

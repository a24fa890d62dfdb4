import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatorControl } from '@sluice/testing';

export interface RunningSimulator {
  readonly control: SimulatorControl;
  stop(): Promise<void>;
}

const MAIN = join(import.meta.dirname, '..', '..', '..', 'venue-simulator', 'dist', 'main.js');

/** The real simulator in a process of its own, with a book of its own. Throws when it has not been built. */
export async function startBybitSimulator(): Promise<RunningSimulator> {
  if (!existsSync(MAIN)) throw new Error('the simulator is not built: nx run venue-simulator:build');
  const data = mkdtempSync(join(tmpdir(), 'sluice-bybit-'));
  const child = spawn(process.execPath, [MAIN, 'bybit', '--port', '0', '--data', data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const found = /on (http:\S+)/.exec(chunk.toString());
      if (found?.[1]) resolve(found[1]);
    });
    void ended.then(() => reject(new Error('the simulator ended at once')));
  });
  return {
    control: new SimulatorControl(url),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
